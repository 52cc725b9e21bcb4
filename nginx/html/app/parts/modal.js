// What every dialog of the page shares: the browser's own modal one, so that the focus stays inside, but one that closes
// when we say so. Browsers close theirs of their own accord when Escape is pressed again and again, one below the top as
// well, and what is typed next goes where the focus fell.
import { useLayoutEffect, useRef } from '../vendor/htm-preact.js';

const modals = [];  // the last is on top

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing || modals.length === 0) return;
  event.preventDefault();
  if (!event.repeat) modals.at(-1).leave();
});

function giveBack(opener) {
  const target = opener?.isConnected ? opener : document.querySelector('h1');
  target?.focus({ preventScroll: true });
}

// leave: called when the reader wants out, by Escape or a phone's gesture; the dialog goes when its owner no longer
// renders it, and the focus back to where it was, or to the heading if that is gone. first: a selector of what has the
// focus to begin with. Returns what <dialog> needs.
export function useModal(leave, first) {
  const modal = useRef({ leave, dialog: null }).current;
  modal.leave = leave;
  // As it appears, and not after: what is typed in between would go to what is below.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const { dialog } = modal;
    modals.push(modal);
    dialog.showModal();
    dialog.querySelector(first)?.focus();
    return () => {
      modals.splice(modals.indexOf(modal), 1);
      dialog.close();  // nothing behind an open one takes the focus
      const below = modals.at(-1)?.dialog;
      if (below && !below.open) below.showModal();
      giveBack(opener);
    };
  }, []);
  return {
    ref: (dialog) => {
      if (dialog) modal.dialog = dialog;
    },
    onCancel: (event) => {
      if (event.target !== modal.dialog) return;  // a file input's
      event.preventDefault();
      if (modals.at(-1) === modal) modal.leave();
    },
    onClose: () => {
      if (modals.at(-1) !== modal) return;
      modal.dialog.showModal();
      modal.leave();
    },
  };
}
