/** The dashboard as one script and one stylesheet, bundled when the package is built. */
declare module 'virtual:keywright-dashboard' {
  export const script: string;
  export const style: string;
}
