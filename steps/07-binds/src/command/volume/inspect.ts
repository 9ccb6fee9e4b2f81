import { NO_MAP, Struct } from 'step-06';
import { dataOf, volumeNamed, volumesDirectory } from '../../volumes/store.ts';
import { labelsOf } from './labels.ts';

/** All that is known of a volume, as docker's API has it. @throws {Error} if there is none */
export function inspectedVolume(name: string): Struct {
  const volume = volumeNamed(volumesDirectory(), name);
  if (!volume) throw new Error(`get ${name}: no such volume`);
  const all = labelsOf(volume);
  const known = {
    CreatedAt: volume.createdAt.replace(/\.\d+/, ''),
    Driver: 'local',
    Labels: Object.keys(all).length > 0 ? all : NO_MAP,
    Mountpoint: dataOf(volumesDirectory(), volume.name),
    Name: volume.name,
    Options: volume.options ?? NO_MAP,
    Scope: 'local',
  };
  return new Struct('volume.Volume', known, { Status: NO_MAP, UsageData: null, ClusterVolume: null });
}
