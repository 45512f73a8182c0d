/** A file whose bytes the bundler puts into the program, as a data: URL. */
declare module '*?url&inline' {
  const url: string;
  export default url;
}
