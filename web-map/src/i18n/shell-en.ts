/** Words of the console's frame: its pages, its address, and what stands there when a page does not. */
export const shellEn = {
  pages: 'Pages',
  menu: 'Open the menu',
  closeMenu: 'Close the menu',
  skip: 'Skip to the page',
  map: 'Live map',
  day: 'Changes',
  whatIf: 'What if',
  explain: 'Frames',
  missingTitle: 'There is no such page here',
  missingText: 'The address may be mistyped, or your account has no use for this page.',
  toHome: 'Go to the first page',
  broken: 'Part of it could not be fetched. Perhaps a new version was installed meanwhile.',
  reload: 'Load again',
  windowTitle: (open: number, title: string) => `${open > 0 ? `(${open}) ` : ''}${title} · Busguard`,
};
