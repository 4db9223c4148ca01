import type { FileStore } from "../../base/files.ts";
import type { Engine } from "../../engine/engine.ts";
import type { GraphView, SheetInfo } from "../../protocol/view.ts";
import { ownedFiles } from "../../store/owned-files.ts";
import type { Scope } from "../../store/store.ts";
import { createFirstSheet } from "../first-sheet.ts";
import { createShownFiles, type ShownFiles } from "../shown-files.ts";
import { createThumbnails, type Thumbnails } from "../thumbnails.ts";

/** What one user has here: nothing in it is anybody else's. */
export interface Room {
  readonly engine: Engine;
  readonly scope: Scope;
  /** The user's own. */
  readonly files: FileStore;
  readonly shown: ShownFiles;
  readonly thumbnails: Thumbnails;
  /** The graph as their canvas draws it: pictures in it are files of theirs. */
  view(): Promise<GraphView>;
  /** What a page without a sheet opens. */
  firstSheet(): Promise<SheetInfo>;
}

export interface Rooms {
  of(engine: Engine, user: string): Room;
  forget(user: string): void;
  /** Views are made anew when they are asked for next. */
  refreshViews(): void;
}

/** Rooms that nobody has entered for long are made anew when somebody comes. */
const MOST = 2_000;

export function createRooms(graph: string, makeView: (files: FileStore) => Promise<GraphView>): Rooms {
  const rooms = new Map<string, Room>();
  const thumbnails = new WeakMap<Engine, Thumbnails>();
  let views = new WeakMap<Room, Promise<GraphView>>();

  const make = (engine: Engine, user: string): Room => {
    const scope = { user, graph };
    const files = ownedFiles(engine.store, scope);
    const small = thumbnails.get(engine) ?? createThumbnails(engine.store.files);
    thumbnails.set(engine, small);
    const room: Room = {
      engine,
      scope,
      files,
      shown: createShownFiles(files, engine.store.files),
      thumbnails: small,
      view() {
        let view = views.get(room);
        if (view === undefined) {
          view = makeView(files);
          views.set(room, view);
        }
        return view;
      },
      firstSheet: createFirstSheet(engine, scope),
    };
    return room;
  };

  return {
    of(engine, user) {
      const room = rooms.get(user) ?? make(engine, user);
      // The newest last: who was not here for longest goes first.
      rooms.delete(user);
      rooms.set(user, room);
      for (const oldest of rooms.keys()) {
        if (rooms.size <= MOST) break;
        rooms.delete(oldest);
      }
      return room;
    },
    forget: (user) => void rooms.delete(user),
    refreshViews() {
      views = new WeakMap();
    },
  };
}
