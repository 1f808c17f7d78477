// Before the first paint: what works only with scripts shows at once, so that nothing moves later.
document.documentElement.classList.add("has-js");
