// What every page has: times in the reader's zone, the theme, the menu, the keyboard.

const memory = {
  get(name) {
    try { return localStorage.getItem('notify-console-' + name); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem('notify-console-' + name, value); } catch { /* for this page, then */ }
  },
};

const dayTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Shows a moment as its reader's clock does; today's without the day. */
export function local(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) {
    return;
  }
  time.title = at.toISOString();
  time.textContent = at.toDateString() === new Date().toDateString() ? dayTime.format(at) : full.format(at);
}

/** The base of all paths; the page says it. */
export const base = document.body.dataset.base ?? '';

/** Asks again and again, for as long as somebody looks; tells when it cannot. */
export function poll(path, everyMillis, show, fail) {
  let running = false;
  async function ask() {
    if (document.hidden || running) {
      return;
    }
    running = true;
    try {
      const answer = await fetch(base + (typeof path === 'function' ? path() : path), { cache: 'no-store' });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      show(await answer.json());
    } catch {
      fail();
    } finally {
      running = false;
    }
  }
  document.addEventListener('visibilitychange', ask);
  setInterval(ask, everyMillis);
  ask();
}

document.querySelectorAll('time').forEach(local);

const themeButton = document.getElementById('theme');
const themes = ['system', 'light', 'dark'];

function showTheme() {
  const theme = document.documentElement.dataset.theme ?? 'system';
  themeButton.textContent = 'Theme: ' + theme;
}

if (themeButton) {
  showTheme();
  themeButton.addEventListener('click', () => {
    const now = document.documentElement.dataset.theme ?? 'system';
    const next = themes[(themes.indexOf(now) + 1) % themes.length];
    if (next === 'system') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = next;
    }
    memory.set('theme', next);
    showTheme();
    document.dispatchEvent(new Event('themechange'));
  });
}

const menu = document.getElementById('menu');
menu?.addEventListener('click', () => {
  const open = menu.closest('.side').classList.toggle('open');
  menu.setAttribute('aria-expanded', String(open));
});

const help = document.getElementById('shortcuts');
const switchedOn = document.getElementById('shortcuts-on');
document.getElementById('keys')?.addEventListener('click', () => help.showModal());
if (switchedOn) {
  switchedOn.checked = memory.get('shortcuts') !== 'off';
  switchedOn.addEventListener('change', () => memory.set('shortcuts', switchedOn.checked ? 'on' : 'off'));
}

// A box to tick is no field to write in; the dialog's has the focus for a moment after it closes.
const written = 'textarea, select, input:not([type=checkbox], [type=radio])';

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(written));
}

/** Moves along the links of the page's list. */
function move(step) {
  const links = [...document.querySelectorAll('ol.list a, ul.list a, table.list td:first-child a')];
  if (links.length > 0) {
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + step));
    links[next].focus();
  }
}

let awaitsLetter = 0;
document.addEventListener('keydown', event => {
  if (!switchedOn?.checked || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || help.open) {
    return;
  }
  const goes = Date.now() - awaitsLetter < 1500;
  awaitsLetter = 0;
  if (goes) {
    const link = [...document.querySelectorAll('#nav a[data-key]')].find(each => each.dataset.key === event.key);
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (event.key === 'g') {
    awaitsLetter = Date.now();
  } else if (event.key === '/') {
    event.preventDefault();
    const field = document.getElementById('q');
    if (field) {
      field.focus();
    } else {
      location.assign(base + '/search');
    }
  } else if (event.key === '?') {
    event.preventDefault();
    help.showModal();
  } else if (event.key === 'j' || event.key === 'k') {
    event.preventDefault();
    move(event.key === 'j' ? 1 : -1);
  }
});
