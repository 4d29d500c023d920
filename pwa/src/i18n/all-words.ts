/** Every language at once: for tests, which do not wait. Some of them run without a browser. */
if (typeof localStorage !== "undefined") {
  const { catalogues } = await import("./catalogues");
  const { isLanguage } = await import("./language");
  const { keepWords } = await import("./words");
  for (const [of, words] of Object.entries(catalogues)) if (isLanguage(of)) keepWords(of, words);
}

export {};
