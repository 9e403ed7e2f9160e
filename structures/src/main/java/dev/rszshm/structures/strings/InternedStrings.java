package dev.rszshm.structures.strings;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.internal.process.LockLook;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.structures.internal.segment.Founding;
import dev.rszshm.structures.internal.segment.References;
import dev.rszshm.structures.internal.segment.Segments;
import dev.rszshm.structures.internal.segment.SettledLock;
import dev.rszshm.structures.internal.trie.KeyTrie;
import dev.rszshm.structures.internal.trie.NodeLayout;
import dev.rszshm.structures.internal.trie.TrieChecking;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Strings, as bytes, each of which has a number: what StringTable is a face of.
 *
 * Layout
 * ------
 * StringLayout. A string is a node of a trie of keys (KeyTrie), with its id as its number. The block of the node is
 * in the slot of its id, in segments (Segments). Words of the trie have copies of these references: they
 * find nodes, and do not own them.
 *
 * Protocol
 * --------
 * find: follow the path of the string in the trie. Its node is there: the id is in it. No lock, no second look: nodes
 * never change but for their children, and stay.
 * get: read the slot of the id: it has a node. If the id is not below the number of strings, the node must also be on its path.
 * intern: find it. It is not there, in the lock:
 *  1 find it again, with the word at the end of its path; 2 busy := 1; the id is the number of strings n;
 *  3 allocate the node into slot n (Allocator.allocateInto);
 *  4 the word at the end of its path := its reference: this is when it is there; 5 number of strings := n + 1; busy := 0.
 *
 * If a process dies here
 * ----------------------
 * The next one who takes the lock finds busy, and settles: if slot n has a node, 4, unless it is on its path already, and 5. So a
 * string of which only the half was there is there in full, under the same id. If slot n is empty, nothing has
 * happened. Until then, a string behind 3 is not found, and has no id; behind 4 it has one, and is got by it.
 *
 * If a process stands still here
 * ------------------------------
 * In the lock: others who intern strings that are not there wait until it goes on or is ended. All others do not.
 */
final class InternedStrings {
  final Allocator allocator;
  final Heap heap;
  final long at;
  private final Presence presence;
  private final KeyTrie trie;
  private final Segments segments;
  private final SettledLock lock;

  InternedStrings(Allocator allocator, long at) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    long seed =
        Founding.findOrMake(
            heap,
            at,
            StringLayout.LENGTH,
            StringLayout.MAGIC_VALUE,
            StringLayout.CURRENT_VERSION,
            "table of strings");
    this.presence = new Presence(heap, at, StringLayout.MAGIC_VALUE, this);
    this.trie = new KeyTrie(allocator, at + StringLayout.TRIE, seed);
    this.segments = new Segments(allocator, at + StringLayout.SEGMENTS);
    this.lock = new SettledLock(heap, at + StringLayout.LOCK, this::settle);
  }

  /** The id of a string; -1 if it is not there. */
  long find(byte[] array, int from, int length) {
    presence.require();
    long node = trie.find(trie.hash(array, from, length), array, from, length);
    return node == 0 ? -1 : id(node);
  }

  private long id(long node) {
    return heap.getLong(node + NodeLayout.NUMBER);
  }

  /** The id of a string, which is added if it is not there. */
  long intern(byte[] array, int from, int length) {
    long found = find(array, from, length);
    if (found >= 0) {
      return found;
    }
    long[] id = new long[1];
    lock.run(() -> id[0] = add(array, from, length));
    return id[0];
  }

  private long add(byte[] array, int from, int length) {
    presence.require(); // it may have been removed before this thread got the lock
    long hash = trie.hash(array, from, length);
    long place = trie.findPlace(hash, array, from, length);
    if (place > 0) {
      return id(place);
    }
    long id = count();
    if (id > Segments.MAX_INDEX) {
      throw new IllegalStateException(this + " has " + id + " strings, the most there can be");
    }
    lock.setBusy();
    long slot = segments.ensure(id);
    long made =
        allocator.allocateInto(
            slot,
            NodeLayout.length(length),
            node -> trie.write(node, id, hash, array, from, length));
    if (made == 0) {
      throw damaged(slot, heap.getLongAcquire(slot), "0, as there are " + id + " strings");
    }
    heap.putLongRelease(-place, References.clean(heap.getLongAcquire(slot)));
    setCount(id + 1);
    lock.setDone();
    return id;
  }

  private long count() {
    long count = heap.getLongAcquire(at + StringLayout.COUNT);
    if (count < 0 || count > Segments.MAX_INDEX + 1) {
      throw damaged(at + StringLayout.COUNT, count, "a number of strings");
    }
    return count;
  }

  private void setCount(long count) {
    heap.putLongRelease(at + StringLayout.COUNT, count);
  }

  /** Ends what somebody has left who added a string. */
  private void settle() {
    long id = count();
    long node = node(id);
    if (node == 0) {
      return;
    }
    byte[] key = trie.key(node);
    long place = trie.findPlace(trie.hash(key, 0, key.length), key, 0, key.length);
    if (place < 0) {
      heap.putLongRelease(-place, References.clean(heap.getLongAcquire(segments.find(id))));
    } else if (place != node) {
      throw damaged(at + StringLayout.COUNT, id, "strings of which none is there twice");
    }
    setCount(id + 1);
  }

  /** The node in the slot of an id; 0 if there is none. */
  private long node(long id) {
    if (id < 0 || id > Segments.MAX_INDEX) {
      return 0;
    }
    long slot = segments.find(id);
    return slot == 0 ? 0 : allocator.get(slot);
  }

  /** Whether a string has this id. */
  private boolean isThere(long id) {
    long node = node(id);
    return node != 0 && (id < count() || trie.isOnItsPath(node));
  }

  /** The string of an id; null if there is none. */
  byte @Nullable [] get(long id) {
    presence.require();
    return isThere(id) ? trie.key(node(id)) : null;
  }

  /** The number of strings. */
  long size() {
    presence.require();
    long count = count();
    return isThere(count) ? count + 1 : count;
  }

  StringCheck check() {
    TrieChecking checking = new TrieChecking(allocator, trie);
    long[] segmentCount = {0};
    Runnable look =
        () -> {
          checking.run(
              node -> {
                if (node(id(node)) != node) {
                  checking.find(node, "its id " + id(node) + " has another string, or none");
                }
              });
          if (checking.keys() != count()) {
            checking.find(
                at + StringLayout.COUNT,
                "it says that there are " + count() + " strings, found " + checking.keys());
          }
          for (int segment = 0; segment < Segments.COUNT; segment++) {
            segmentCount[0] += segments.offset(segment) == 0 ? 0 : 1;
          }
        };
    boolean settled = lock.isBusy();
    try {
      if (heap.isReadOnly()) {
        LockLook seen = lock.look();
        settled = seen.isLeft();
        seen.damage().forEach(text -> checking.find(at + StringLayout.LOCK, text));
        look.run();
      } else {
        lock.run(look);
      }
    } catch (DamagedHeapException e) {
      checking.find(at, e.getMessage());
    }
    List<String> findings = checking.findings();
    return new StringCheck(
        checking.keys(), checking.keyBytes(), trie.tables() + segmentCount[0], settled, findings);
  }

  /** Gives all memory back, when nobody uses the table any more. */
  void dismantle() {
    presence.end();
    lock.run(
        () -> {
          setCount(0);
          trie.dismantleTables();
          segments.dismantleSlots();
        });
  }

  private DamagedHeapException damaged(long place, long found, String expected) {
    return new DamagedHeapException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return "the table of strings at offset " + at + " of " + heap.path();
  }
}
