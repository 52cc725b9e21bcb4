// A CSV file of links comes in: first a trial that changes nothing, then, if the reader agrees, the import itself.
import { html, useEffect, useRef, useState } from '../vendor/htm-preact.js';
import { linksSince, sendFile, totalBefore } from '../import_request.js';
import { kAgain } from '../use_data.js';
import { count, counted } from '../words.js';
import { Buttons, Dialog } from './dialog.js';
import { FormError } from './form.js';
import { say } from './toasts.js';

function Progress({ share, trial }) {
  const words = share === null ? (trial ? 'Checking the rows…' : 'Importing the rows…') : `Uploading: ${Math.round(share * 100)}%`;
  return html`<div role="status"><p>${words}</p>${share === null ? html`<progress key="busy" aria-label=${words}></progress>` : html`<progress key="share" value=${share} max="1" aria-label=${words}></progress>`}</div>`;
}

function RowFaults({ answer }) {
  if (answer.skipped === 0) return null;
  return html`<div class="row-faults" tabindex="0" role="region" aria-label="Skipped rows">
    <ul>
      ${answer.errors.map((fault, index) => html`<li key=${index}><strong>Line ${count(fault.line)}</strong>${fault.column && html` <code>${fault.column}</code>`}: ${fault.detail}</li>`)}
    </ul>
    ${!answer.errors_complete && html`<p class="quiet">Only the first ${answer.errors.length} are shown.</p>`}
  </div>`;
}

function Summary({ answer }) {
  const done = answer.dry_run ? 'can be imported' : answer.imported === 1 ? 'was imported' : 'were imported';
  const skipped = answer.skipped > 0 ? `, ${counted(answer.skipped, 'row')} skipped` : '';
  return html`<p role="status"><strong>${counted(answer.imported, 'link')}</strong> ${done}${skipped}.</p><${RowFaults} answer=${answer} />`;
}

function OtherFile({ onChoose }) {
  return html`<label>Another file<input type="file" accept=".csv,text/csv" onChange=${(event) => event.target.files[0] && onChoose(event.target.files[0])} /></label>`;
}

function ChooseFile({ onChoose }) {
  return html`<p>Choose a CSV file in UTF-8. Its first line names the columns: <code>url</code>, and any of <code>label</code>, <code>program</code>, <code>slug</code>, <code>tags</code>, <code>created_at</code> and <code>fallback_url</code>.${' '}
      Tags are separated by semicolons. A file exported from QuietLeaks works as it is.</p>
    <label>CSV file<input type="file" accept=".csv,text/csv" data-first onChange=${(event) => event.target.files[0] && onChoose(event.target.files[0])} /></label>`;
}

const nothing = { file: null, running: null, answer: null, error: null, stopped: false, came: undefined, share: 0 };

// running: 'trial', 'import', 'stopping'. came: of an import that did not end well, how many rows are links now (null:
// unknown). changed() is called when there may be new links.
function useImport(changed) {
  const [state, setState] = useState(nothing);
  const stop = useRef(null);  // an AbortController
  const busy = useRef(false);  // two clicks are one
  const set = (members) => setState((old) => ({ ...old, ...members }));
  // From here on it can be stopped, and is seen to be under way.
  const begin = (file, running) => {
    busy.current = true;
    stop.current = new AbortController();
    setState({ ...nothing, file, running });
  };
  const send = async (file, dryRun) => {
    try {
      return await sendFile(file, dryRun, stop.current.signal, (share) => set({ share }));
    } finally {
      busy.current = false;
    }
  };
  const tryOut = async (file) => {
    begin(file, 'trial');
    try {
      const answer = await send(file, true);
      set({ running: null, answer });
    } catch (error) {
      set({ running: null, error });
    }
  };
  const carryOut = async (file) => {
    if (busy.current) return;
    begin(file, 'import');
    const before = await totalBefore();
    try {
      const answer = await send(file, false);
      set(answer ? { running: null, answer } : { running: 'stopping', stopped: true });
      if (!answer) set({ running: null, came: await linksSince(before) });
    } catch (error) {
      set({ running: null, error, came: error.unsure ? await linksSince(before) : undefined });
    }
    changed();
  };
  useEffect(() => {
    const again = () => setState((old) => (old.error?.status === 401 ? nothing : old));
    window.addEventListener(kAgain, again);
    return () => window.removeEventListener(kAgain, again);
  }, []);
  const importing = state.running === 'import';
  useEffect(() => {
    if (!importing) return undefined;
    const warn = (event) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [importing]);
  const last = useRef(state);
  last.current = state;
  useEffect(() => () => {
    if (last.current.running !== 'import') return;
    stop.current.abort();
    say('The import was stopped, because you left its dialog. Rows that were imported until then are links now.', { bad: true, seconds: 15 });
  }, []);
  return { ...state, tryOut, carryOut, abort: () => stop.current?.abort() };
}

// What there is to do before the file can be imported once more.
function Remains({ stopped, came }) {
  const rows = came === null ? 'Some rows may be links now' : `${counted(came, 'row')} of the file ${came === 1 ? 'is a link' : 'are links'} now`;
  const next = `${rows}, the newest in the list. Delete them, or take those rows out of the file, before you import it again.`;
  return html`<p class="notice" role="status">${stopped && 'The import was stopped. '}${came === 0 ? 'No row of the file became a link.' : next}</p>`;
}

function Content({ running, share, answer, stopped, came, choose }) {
  if (running === 'stopping') return html`<p role="status">Stopping…</p>`;
  if (running) return html`<${Progress} share=${share} trial=${running === 'trial'} />`;
  return html`
    ${came !== undefined && html`<${Remains} stopped=${stopped} came=${came} />`}
    ${answer && html`<${Summary} answer=${answer} />`}
    ${!answer && !stopped && html`<${ChooseFile} onChoose=${choose} />`}
    ${answer?.dry_run && (answer.skipped > 0 || answer.imported === 0) && html`<${OtherFile} onChoose=${choose} />`}`;
}

function wayOut({ running, stopped, answer }) {
  if (running === 'import' || running === 'stopping') return 'Stop import';
  return stopped || (answer && !answer.dry_run) ? 'Done' : 'Cancel';
}

// onChanged: there may be new links.
export function ImportDialog({ onClose, onChanged }) {
  const state = useImport(onChanged);
  const { file, running, answer, error, stopped, tryOut, carryOut, abort } = state;
  // Whoever stops an import must learn what became of it.
  const close = () => {
    abort();
    if (running !== 'import' && running !== 'stopping') onClose();
  };
  const ready = answer?.dry_run && answer.imported > 0;
  return html`<${Dialog} title="Import links" onClose=${close}>
    <${FormError} error=${error} />
    ${file && (running || answer || stopped) && html`<p class="file-name">${file.name}</p>`}
    <${Content} ...${state} choose=${tryOut} />
    ${ready
      ? html`<${Buttons} type="button" onClose=${close} label=${`Import ${counted(answer.imported, 'link')}`} onClick=${() => carryOut(file)} />`
      : html`<footer><button type="button" class="secondary outline" data-careful="" disabled=${running === 'stopping'} onClick=${close}>${wayOut(state)}</button></footer>`}
  <//>`;
}
