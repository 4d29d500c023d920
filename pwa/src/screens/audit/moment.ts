import { formatDate } from "../../i18n";

/** Day, month, time, and the year where it is not this one. */
export function moment(at: number): string {
  const year = new Date(at).getFullYear();
  return year === new Date().getFullYear() ? formatDate(at) : `${formatDate(at)} ${year}`;
}
