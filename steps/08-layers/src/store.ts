// The store, for who puts images in it, or takes them out. Apart from index.ts, since most commands need none of it.
export { inspectedImage } from './command/image/inspect.ts';
export { pruneImages } from './command/image/prune.ts';
export { allImages, type Summary } from './command/image/summary.ts';
export { chooseEntry, DEEPEST } from './image/choose.ts';
export { type Document, type Kind, LONGEST_DOCUMENT, parseDocument } from './image/documents.ts';
export * from './image/media-types.ts';
export { type Platform, platformOf, thisPlatform } from './image/platform.ts';
export { type Added, addImage, chainIds } from './store/add.ts';
export { digestOf, stagedPath } from './store/blobs.ts';
export { layersOf, readImage } from './store/find.ts';
export { idOfName, nameImage, nameIn, namesOf, tagsOf } from './store/names.ts';
export { openPartial, ownPartial, type PartialBlob } from './store/partial.ts';
export { blobPath, places } from './store/places.ts';
export { type Coming, unpackLayers } from './store/provide.ts';
export { putBlob } from './store/put-blob.ts';
export { reserveBlob, reserveLayers } from './store/reserve.ts';
export { unpackedLayer } from './store/unpacked.ts';
export { openWorkplace, type Workplace } from './store/workplace.ts';
