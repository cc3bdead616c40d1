import { type Lesson, lessons } from '../../examples/notebooks/course.ts';
import { introduction } from '../../examples/notebooks/introduction.ts';
import type { Language } from './cells.ts';

const words = {
  en: { minutes: 'min', abilities: 'Afterwards you can' },
  zh: { minutes: '分钟', abilities: '学完之后，你能够' },
} as const;

export const pageNames: Readonly<Record<Language, string>> = { en: 'README.md', zh: 'README.zh.md' };

/** The page that leads through the course, in one language. */
export function coursePage(language: Language): string {
  const sections = lessons.map((lesson, k) => section(lesson, k + 1, language));
  return `${[introduction[language].trim(), ...sections].join('\n\n')}\n`;
}

function section({ file, title, abilities, minutes }: Lesson, number: number, language: Language): string {
  const { minutes: unit, abilities: heading } = words[language];
  const list = abilities.map((ability) => `- ${ability[language]}`).join('\n');
  return `## ${number}. [${title[language]}](${language}/${file}.ipynb) (${minutes} ${unit})\n\n${heading}\n\n${list}`;
}
