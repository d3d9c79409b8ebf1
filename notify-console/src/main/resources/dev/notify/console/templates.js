// The preview follows what is chosen and written.
const form = document.getElementById('preview-form');
let waiting;

form?.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), 300);
});
