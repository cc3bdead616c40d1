/** Something to look at by media type; a notebook shows the best that it can. */
export type Media = Readonly<Record<string, unknown>>;

/** What the kernel of a notebook offers; nothing elsewhere. */
interface NotebookKernel {
  display(media: Media, options: { readonly raw: true }): Promise<void>;
}

/** Shows media below the cell; outside of a notebook prints the text. */
export async function display(media: Media): Promise<void> {
  const { Deno } = globalThis as { readonly Deno?: { readonly jupyter?: NotebookKernel } };
  if (Deno?.jupyter === undefined) console.log(media['text/plain']);
  else await Deno.jupyter.display(media, { raw: true });
}
