// Sends a CSV file of links, by XMLHttpRequest, since fetch does not tell how far an upload is; and finds out what came of
// an import that did not end well. Knows nothing of what is shown.
import { ask, cutAnswer, noAnswer, problemOf, session } from './api.js';

const kPause = 700;  // ms
const kPatience = 10;

// The answer's JSON; null if it is not whole.
function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

const unsure = (error) => Object.assign(error, { unsure: true });

// signal: an AbortController's. onProgress: 0 to 1 while the file is sent, then null while it is worked on. Resolves to
// the answer's JSON; to null if it was stopped. An error is `unsure` where rows may be links all the same: they go in
// piece by piece.
export function sendFile(file, dryRun, signal, onProgress) {
  const under = session();
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(null);
    signal.addEventListener('abort', () => request.abort());
    request.open('POST', `/api/v1/links/import?dry_run=${dryRun}`);
    request.setRequestHeader('Content-Type', 'text/csv');
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded < total ? loaded / total : null);
    let whole = false;
    request.upload.onload = () => {
      whole = true;
    };
    request.onload = () => {
      const { status, responseText } = request;
      const answer = status === 200 && answerOf(request);
      if (answer) return resolve(answer);
      if (status === 200) return reject(unsure(cutAnswer(status)));
      const error = problemOf(status, responseText, (name) => request.getResponseHeader(name), under);
      return reject(status >= 500 && error.code !== 'busy' ? unsure(error) : error);
    };
    request.onerror = () => reject(whole ? unsure(cutAnswer(request.status)) : noAnswer());
    request.onabort = () => resolve(null);
    return request.send(file);
  });
}

const total = async () => (await ask('GET', '/api/v1/links?limit=1')).total;

export const totalBefore = () => total().catch(() => null);

// How many links there are more than `before`, once no more come; null: nobody can say.
export async function linksSince(before) {
  let last = before;
  for (let round = 0; before !== null && round < kPatience; ++round) {
    await new Promise((rest) => setTimeout(rest, kPause));
    const now = await total().catch(() => null);
    if (now === null) return null;
    if (now === last && round > 0) break;
    last = now;
  }
  return before === null ? null : Math.max(0, last - before);
}
