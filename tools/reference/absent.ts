/** What reference cases name and gradtape does not have yet. The test holds this list to what is really absent. */
export const absent: readonly string[] = [];
