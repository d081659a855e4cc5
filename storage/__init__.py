"""Where finished files lie: always on this machine below the home (CCHC_HOME), and, where CCHC_STORE names one, in a
store that several machines share, under the same relative name. See docs/landing.md and docs/deploy/shared-store.md.

`storage.finished` is what others use; only it and what opens a store know where that store is."""
