import { trusted } from "./html";

/** Three nodes of a mesh, in the colours that the class `mark` has. */
export const LOGO = trusted(
  '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 4 18h16Z"/><circle cx="12" cy="4" r="3"/>' +
    '<circle cx="4" cy="18" r="3"/><circle cx="20" cy="18" r="3"/></svg>',
);

/** The same picture in its own colour, as the URL of a page's icon. */
export const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E" +
  "%3Cg fill='%230a7d5c' stroke='%230a7d5c'%3E%3Cpath fill='none' stroke-width='2' d='M12 4 4 18h16Z'/%3E" +
  "%3Ccircle cx='12' cy='4' r='3'/%3E%3Ccircle cx='4' cy='18' r='3'/%3E%3Ccircle cx='20' cy='18' r='3'/%3E" +
  "%3C/g%3E%3C/svg%3E";
