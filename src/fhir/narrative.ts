export function narrativeFaults(_div: string): { constraint: 'txt-1' | 'txt-2' | undefined; message: string }[] { return []; }
