import { join } from 'node:path';
import { type BucketOptions, bucketFiles } from './bucket-files.ts';
import { folderFiles } from './folder-files.ts';
import type { MediaFiles } from './media-files.ts';

/** The bucket, where one is configured, else the folder `media` of the data folder. */
export const openMediaFiles = (bucket: BucketOptions | undefined, dataDir: string): MediaFiles =>
  bucket ? bucketFiles(bucket) : folderFiles(join(dataDir, 'media'));

/** Where uploads are until they are whole: on the machine that receives them. */
export const spoolFolder = (dataDir: string): string => join(dataDir, 'media-parts');
