// A form under way: its buttons are busy and it cannot be sent a second time. The server's one-time token guards the rest.

const FILE_WAIT = 3000; // milliseconds
const sending = new WeakSet();
const buttonsOf = (form) => [...form.elements].filter((element) => element.type === 'submit');

export const isSending = (form) => sending.has(form);

export function begin(form, submitter) {
  sending.add(form);
  // after the browser has gathered the fields: a disabled button would not be among them
  setTimeout(() => {
    for (const button of buttonsOf(form)) button.setAttribute('aria-disabled', 'true');
    submitter?.classList.add('busy');
  });
  // a file comes without a new page; the same one-time token leads to the same file again
  if (form.matches('[data-file]')) setTimeout(() => release(form), FILE_WAIT);
}

/** Makes the form usable again, e.g. after the server refused it or the person came back. */
export function release(form) {
  sending.delete(form);
  for (const button of buttonsOf(form)) {
    button.removeAttribute('aria-disabled');
    button.classList.remove('busy');
  }
}
