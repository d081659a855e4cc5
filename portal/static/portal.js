// Nothing on a page needs this file: it only makes what works without it quicker.
"use strict";
