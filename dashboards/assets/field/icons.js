/* Symbols of this page, drawn for it: outlines on a field of 24 x 24. */
export const CALL = "M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2z";
export const GO = "M12 2l10 20-10-5-10 5z";
export const BOLT = "M13 2L4 14h6l-1 8 9-12h-6z";
export const SCAN = "M3 3h5v2H5v3H3zM16 3h5v5h-2V5h-3zM3 16h2v3h3v2H3zM19 16h2v5h-5v-2h3zM7 8h2v8H7zM11 8h1v8h-1zM14 8h3v8h-3z";
export const CAMERA = "M4 6h4l2-2h4l2 2h4v14H4zM12 9a4 4 0 1 0 0 8a4 4 0 0 0 0-8z";
export const PEN = "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4";
export const NOTE = "M5 3h14v18H5zM8 8h8v2H8zM8 12h8v2H8zM8 16h5v2H8z";
export const LIGHT = "M11 1h2v4h-2zM11 19h2v4h-2zM1 11h4v2H1zM19 11h4v2h-4zM4.2 5.6l1.4-1.4 2.8 2.8L7 8.4zM15.6 17l1.4-1.4 2.8 2.8-1.4 1.4zM4.2 18.4L7 15.6 8.4 17l-2.8 2.8zM15.6 7l2.8-2.8 1.4 1.4L17 8.4zM12 7.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z";
export const NO = "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20zM6 11h12v2H6z";
export const MENU = "M3 5h18v2.5H3zM3 10.75h18v2.5H3zM3 16.5h18V19H3z";
export const BACK = "M15 3l-9 9 9 9 2-2-7-7 7-7z";
export const SEARCH = "M10 3a7 7 0 1 0 4.4 12.5L20 21l1.5-1.5-5.5-5.6A7 7 0 0 0 10 3zM10 5a5 5 0 1 1 0 10a5 5 0 0 1 0-10z";
export const TORCH = "M6 2h12v5l-3 4v11H9V11L6 7z";
