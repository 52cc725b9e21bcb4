// Times for people: in the reader's zone, with UTC beside it for a title. The API's times are UTC, with a Z.
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

const units = [['day', 86400], ['hour', 3600], ['minute', 60]];

export const localTime = (time) => dayAndTime.format(new Date(time));
export const localDay = (time) => day.format(new Date(time));
export const utcTime = (time) => `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

// "3 hours ago", "in 5 minutes"; the date, if that is more than 30 days away.
export function relativeTime(time, now = Date.now()) {
  const exact = Math.round((new Date(time) - now) / 1000);
  const seconds = exact > 0 ? exact + 30 : exact;  // an hour from now is not "in 59 minutes" a second later
  if (Math.abs(seconds) >= 30 * 86400) return localDay(time);
  for (const [unit, length] of units) {
    if (Math.abs(seconds) < length) continue;
    return relative.format(seconds > 0 ? Math.round(seconds / length) : Math.trunc(seconds / length), unit);
  }
  return exact > 0 ? 'in a moment' : 'just now';
}

// How long something has lasted: "3 days", "less than a minute".
export function duration(from, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(from)) / 1000));
  for (const [unit, length] of units) {
    const number = Math.floor(seconds / length);
    if (number >= 1) return `${number} ${unit}${number === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}

// The day, UTC, so many days before today, as the API wants it.
export const utcDay = (daysAgo) => new Date(Date.now() - daysAgo * 86400000).toISOString().slice(0, 10);
