const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const short = new Intl.DateTimeFormat(undefined, { day: '2-digit', month: '2-digit', year: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

/** `14:05` */
export const clockTime = (time: number): string => clock.format(time);

/** Everything that is known of a moment, for a tooltip. */
export const fullTime = (time: number): string => full.format(time);

/** The day of a moment, as one number. */
export function dayOf(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** `Today`, `Yesterday`, `Tuesday`, `4 March 2027` */
export function dayName(day: number, now: number): string {
  const ago = Math.round((dayOf(now) - day) / 86_400_000);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return ago > 1 && ago < 7 ? weekday.format(day) : date.format(day);
}

/** As short as a list wants it: the time today, else the day. */
export function listTime(time: number, now: number): string {
  if (time === 0) return '';
  return dayOf(time) === dayOf(now) ? clock.format(time) : short.format(time);
}
