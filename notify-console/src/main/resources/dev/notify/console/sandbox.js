// New messages of the sandbox, put on top of the list as they arrive.
import { base, local, poll } from './app.js';

const list = document.getElementById('messages');
const news = document.getElementById('news');

function element(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

function item(message) {
  const link = document.createElement('a');
  const query = new URLSearchParams({ message: String(message.number) });
  if (list.dataset.channel) {
    query.set('channel', list.dataset.channel);
  }
  if (list.dataset.addresses) {
    query.set('addresses', list.dataset.addresses);
  }
  link.href = base + '/sandbox?' + query;
  const time = document.createElement('time');
  time.dateTime = message.at;
  local(time);
  link.append(element('span', message.channel, 'chip plain'), element('strong', message.title),
    element('span', message.address, 'muted'), time);
  const line = document.createElement('li');
  line.append(link);
  return line;
}

if (list) {
  const path = () => '/data/sandbox?' + new URLSearchParams({
    after: list.dataset.newest, channel: list.dataset.channel, addresses: list.dataset.addresses,
  });
  poll(path, 2000, data => {
    list.dataset.newest = String(data.newest);
    if (data.messages.length > 0) {
      list.prepend(...data.messages.map(item));
      document.getElementById('no-messages')?.remove();
      news.textContent = data.messages.length === 1 ? '1 new message' : data.messages.length + ' new messages';
    }
  }, () => {
    news.textContent = 'The console does not answer. Is the application still running?';
  });
}
