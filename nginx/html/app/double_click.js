// The second half of a double click does nothing on what is `data-careful`, if the first half has put that under the
// pointer: it would delete the next row, stop an import, or put away a secret that nobody has seen.
const kWithin = 500;  // ms
const kNear = 5;      // pixels

const ownerOf = (target) => target.closest?.('button, a, input, select, label, summary') ?? target;
let last = { time: -Infinity, x: 0, y: 0, owner: null };

window.addEventListener('click', (event) => {
  if (event.detail === 0) return;  // by keyboard, or by a script
  const owner = ownerOf(event.target);
  const again = event.timeStamp - last.time < kWithin && Math.abs(event.clientX - last.x) < kNear && Math.abs(event.clientY - last.y) < kNear;
  const other = owner !== last.owner;
  last = { time: event.timeStamp, x: event.clientX, y: event.clientY, owner };
  if (!again || !other || owner.dataset?.careful === undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
