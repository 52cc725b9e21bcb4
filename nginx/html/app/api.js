// Asks the API of this installation with the session's cookie. Failures are ApiError; one that says that the session is
// over is told to whoever listens, too. Knows nothing of what is shown.
export class ApiError extends Error {
  // problem: RFC 9457 members; status 0: there was no answer.
  constructor(problem) {
    super(problem.detail || problem.title);
    Object.assign(this, { status: 0, title: 'No answer', code: 'offline', requestId: null, errors: [], retryAfter: null }, problem);
  }
}

const overListeners = new Set();
let present = null;  // the session's id

// From now on it is asked under this session; null: under none. What is answered to requests of an earlier one says
// nothing of this one.
export const askUnder = (session) => {
  present = session;
};
export const session = () => present;

export function onSessionOver(listener) {
  overListeners.add(listener);
  return () => overListeners.delete(listener);
}

export function noAnswer() {
  return new ApiError({ title: 'No answer', code: 'offline', detail: 'The server could not be reached.' });
}

const kUnsure = 'What you did may have worked: look before you do it again.';

// Nobody knows whether the request came through.
function lostAnswer() {
  return new ApiError({ title: 'No answer', code: 'lost_answer', detail: `The server could not be reached, or its answer was lost. ${kUnsure}` });
}

// The request came through, so what it asked for may have been done.
export function cutAnswer(status) {
  return new ApiError({ status, title: 'Answer cut off', code: 'cut_answer', detail: `The answer was cut off. ${kUnsure}` });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// The error in an answer; of fetch or of XMLHttpRequest. under: what session() was when it was asked.
export function problemOf(status, text, header, under) {
  const problem = parsed(text) ?? {};
  const wait = Number(header('retry-after')) || null;
  const error = new ApiError({
    status,
    title: problem.title ?? `Error ${status}`,
    code: problem.code ?? 'unknown',
    detail: status === 429 && problem.code !== 'too_many_sign_ins' && wait ? `Too many requests at once. Try again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.` : problem.detail ?? 'The server gave no reason.',
    requestId: problem.request_id ?? header('x-request-id'),
    errors: problem.errors ?? [],
    retryAfter: wait,
  });
  const isOver = status === 401 && (error.code === 'invalid_session' || error.code === 'missing_api_key');
  if (isOver && under !== null && under === present) overListeners.forEach((listener) => listener());
  return error;
}

// Resolves to the JSON of the answer, or null if it has none. repeatable: asked once more, it does nothing twice.
export async function ask(method, path, { body, signal, headers = {}, keepalive = false, repeatable = method !== 'POST' } = {}) {
  const under = present;
  const init = { method, signal, keepalive, credentials: 'same-origin', headers: { Accept: 'application/json', ...headers } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers['Content-Type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  }
  const failed = (error, otherwise) => {
    throw error.name === 'AbortError' ? error : otherwise;
  };
  const response = await fetch(path, init).catch((error) => failed(error, repeatable ? noAnswer() : lostAnswer()));
  const { ok, status } = response;
  const text = await response.text().catch((error) => (ok ? failed(error, cutAnswer(status)) : ''));
  if (!ok) throw problemOf(status, text, (name) => response.headers.get(name), under);
  if (status === 204) return null;
  const answer = parsed(text);
  if (answer === null) throw cutAnswer(status);
  return answer;
}

// A path with the parameters that have a value.
export function withQuery(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

// The faults of an answer by the member that they are about: {url: 'why'}.
export function faultsByMember(error) {
  const faults = {};
  for (const { pointer, detail } of error?.errors ?? []) {
    const member = pointer?.split('/')[1];
    if (member) faults[member] ??= detail;
  }
  return faults;
}
