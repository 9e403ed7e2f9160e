package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/*
 * How workers have died: what only the process knows that has started them, told to all.
 *
 * Layout
 * ------
 * NoteLayout: a few notes, of which the oldest is written over.
 *
 * Protocol
 * --------
 * write, by the process that has the workers: 1 tag: 0; 2 the text; 3 tag: that of the dead worker.
 * read: 4 find the tag; 5 read the text; 6 is the tag still there? If not, there is no note.
 *
 * If a process dies here
 * ----------------------
 * A note without a tag, which is none.
 */

/** How workers have died. */
public final class DeathNotes {
  /** The most bytes of a note; of a longer one the rest is cut off. */
  public static final int MAX_TEXT = NoteLayout.MAX_TEXT;

  private final Heap heap;
  private final long notes;
  private int next;

  /** The notes of a pool. */
  public DeathNotes(PoolTables tables) {
    this.heap = tables.heap;
    this.notes = tables.at + PoolLayout.NOTES;
  }

  /** Tells how a worker has died. Only the process that has the workers may. */
  public synchronized void tell(int tag, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > NoteLayout.MAX_TEXT) {
      bytes = Arrays.copyOf(bytes, NoteLayout.MAX_TEXT);
    }
    long note = notes + (long) next * NoteLayout.LENGTH;
    next = (next + 1) % NoteLayout.COUNT;
    heap.putLongVolatile(note + NoteLayout.TAG, 0);
    heap.putInt(note + NoteLayout.TEXT_LENGTH, bytes.length);
    heap.putBytes(note + NoteLayout.TEXT, bytes);
    heap.putLongVolatile(note + NoteLayout.TAG, tag);
  }

  /** Returns how a worker has died, if that is known. */
  public Optional<String> of(int tag) {
    for (int i = 0; i < NoteLayout.COUNT; i++) {
      long note = notes + (long) i * NoteLayout.LENGTH;
      if (tag != 0 && heap.getLongVolatile(note + NoteLayout.TAG) == tag) {
        int length = heap.getInt(note + NoteLayout.TEXT_LENGTH);
        byte[] bytes =
            heap.getBytes(
                note + NoteLayout.TEXT, Math.max(0, Math.min(length, NoteLayout.MAX_TEXT)));
        if (heap.getLongVolatile(note + NoteLayout.TAG) == tag) {
          return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
      }
    }
    return Optional.empty();
  }
}
