// What the page can do beyond being read. Nothing that the verdict rests on is here: without it everything is shown.
import { attachCharts } from './charts.ts';
import { all } from './elements.ts';
import { attachScenarioFilter, attachStoryFilter } from './filters.ts';
import { followLinks } from './links.ts';
import { Settings } from './settings.ts';

const settings = new Settings();
for (const root of all<HTMLElement>(document, 'div.charts')) attachCharts(root, settings);
const filters = [attachScenarioFilter(document, settings), ...all<HTMLElement>(document, 'div.stories').map((stories) => attachStoryFilter(stories, settings))];
followLinks(settings, filters.filter((filter) => filter !== null));
