import type { DocumentCommand } from '../../../src/app/studio/types.ts';
import type { ProjectDocument } from '../../../src/core/schema/document.ts';

/** Applies a command; enough of the real one for the interface. */
export function applyCommand(project: ProjectDocument, command: DocumentCommand): ProjectDocument {
  const clips = [...project.clips];
  switch (command.type) {
    case 'renameProject':
      return { ...project, name: command.name };
    case 'addClip':
      clips.splice(command.at ?? clips.length, 0, command.clip);
      return { ...project, clips };
    case 'removeClips':
      return { ...project, clips: clips.filter((clip) => !command.ids.includes(clip.id)) };
    case 'moveClip': {
      const from = clips.findIndex((clip) => clip.id === command.id);
      const [clip] = clips.splice(from, 1);
      if (clip !== undefined) clips.splice(command.to, 0, clip);
      return { ...project, clips };
    }
    case 'changeClip': {
      const { type: _type, id, audioTrack, ...change } = command;
      return {
        ...project,
        clips: clips.map((clip) => {
          if (clip.id !== id) return clip;
          const { audioTrack: before, ...rest } = clip;
          const track = audioTrack === undefined ? before : (audioTrack ?? undefined);
          return { ...rest, ...change, ...(track === undefined ? {} : { audioTrack: track }) };
        }),
      };
    }
    default:
      return project;
  }
}
