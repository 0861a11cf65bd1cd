/* Texts in the reader's language, by their English, which stands where there is no other. The page brings them along. */
const texts = JSON.parse(document.getElementById("texts").textContent);
const put = (text, named) => text.replace(/\{(\w+)\}/g, (all, name) => named?.[name] ?? all);

export const _ = (text, named) => put(texts[text]?.[0] ?? text, named);
export const n_ = (one, many, count, named) => {
  const forms = texts[one] ?? [one, many];
  return put(forms[count === 1 ? 0 : forms.length - 1], { count, ...named });
};
