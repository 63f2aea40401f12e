// The 404 page: the words of the missing address are the first thing to look for.
{
  const field = document.getElementById("dl-missing-words");
  if (field && !field.value) {
    const root = new URL(document.documentElement.dataset.content_root, location.href).pathname;
    let path = location.pathname;
    try {
      path = decodeURIComponent(path);
    } catch {
      // An address that is no UTF-8 is taken as it stands.
    }
    if (path.startsWith(root)) path = path.slice(root.length);
    const name = path.replace(/(^|\/)index\.html?$|\.html?$/, "");
    if (name !== "404") field.value = name.replace(/[/_+.-]+/g, " ").trim();
  }
}
