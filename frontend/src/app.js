// Every page. Each part listens on the document, so that pages swapped in later need no set-up.
import '../styles/main.css';
import './app/storage.js';
import './app/requests.js';
import './app/tabs.js';
import './app/dialogs.js';
import './app/posting.js';
import './app/forms.js';
import './app/draft.js';
import './app/lists.js';
import './app/keys.js';
import './app/session.js';
import './app/waiting.js';
