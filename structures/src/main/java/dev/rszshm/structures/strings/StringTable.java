package dev.rszshm.structures.strings;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.process.NamedPlace;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Strings in a shared heap, each of which has a number, the same in every process.
 *
 * <pre>{@code
 * StringTable names = StringTable.named(allocator, "names");
 * long id = names.intern("temperature");
 * // in any other process
 * String name = names.get(id);
 * }</pre>
 *
 * <p>Ids count from 0, without gaps, in the order in which strings are added. A string keeps its
 * id, and is not removed; {@link #remove(Allocator, String)} removes the whole table. Structures of
 * a program keep ids, which are short and are compared at once, in place of text.
 *
 * <p><b>Finding</b>, {@link #get} and {@link #intern} of a string that is there wait for nobody.
 * Those who add a string wait for one another.
 *
 * <p><b>If a process dies</b> in {@code intern}, the string was added, with its id, or it was not;
 * the next one who adds a string ends what was begun. No string is there twice, no id has two, and
 * no memory is lost.
 *
 * <p>A string takes 56 bytes besides its own in UTF-8, rounded up by the allocator. There can be
 * 68,719,476,672.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed, {@link dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is
 * no room, with nothing changed, {@link IllegalArgumentException} if a text has half a surrogate
 * pair, which UTF-8 cannot have, {@link dev.rszshm.structures.errors.StructureRemovedException}
 * once somebody has removed the table, and {@link dev.rszshm.heap.errors.DamagedHeapException} if
 * somebody has written where they should not. With a heap that is attached for reading only,
 * strings can be found and got.
 */
public final class StringTable {
  /** The type of a root that is a table of strings. */
  public static final long ROOT_TYPE = StringLayout.MAGIC_VALUE;

  /** The bytes that a table takes at its place; strings are elsewhere. */
  public static final int LENGTH = StringLayout.LENGTH;

  private static final Codec<String> TEXT = Codecs.strings();

  private final InternedStrings strings;

  private StringTable(InternedStrings strings) {
    this.strings = strings;
  }

  /**
   * Finds the table of a name, or makes it, as a root of an allocator. Any number of processes may
   * do that at once.
   *
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public static StringTable named(Allocator allocator, String name) {
    return at(allocator, place(allocator, name));
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        StringLayout.MAGIC_VALUE,
        StringLayout.CURRENT_VERSION,
        StringLayout.LENGTH,
        StringLayout.ALIGNMENT);
  }

  /**
   * Finds the table of a name. Makes nothing, so that a heap that is attached for reading only will
   * do.
   *
   * @return the table; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.heap.errors.DamagedHeapException if it is damaged
   */
  public static Optional<StringTable> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, StringLayout.ALIGNMENT)
        .map(place -> at(allocator, place));
  }

  /**
   * Finds the table at an offset, or makes it in {@link #LENGTH} bytes of zeros.
   *
   * @param offset a multiple of 8
   * @throws dev.rszshm.heap.errors.DamagedHeapException if there is something else
   */
  public static StringTable at(Allocator allocator, long offset) {
    return new StringTable(new InternedStrings(allocator, offset));
  }

  /**
   * Removes the table of a name with all strings, when nobody uses it any more. If the process dies
   * in it, a part is removed; call it again.
   *
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name) {
    if (allocator.findRoot(name).isEmpty()) {
      return false;
    }
    remove(allocator, place(allocator, name));
    return allocator.removeRoot(name);
  }

  /**
   * Frees all strings of the table at an offset, when nobody uses it any more. It is empty then;
   * the {@link #LENGTH} bytes at the offset are the caller's.
   */
  public static void remove(Allocator allocator, long offset) {
    new InternedStrings(allocator, offset).dismantle();
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return strings.heap;
  }

  /**
   * Returns the id of a string, which is added if it is not there.
   *
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if it is not there and there is no
   *     room; nothing has changed
   */
  public long intern(String text) {
    byte[] bytes = TEXT.encode(text);
    return strings.intern(bytes, 0, bytes.length);
  }

  /**
   * Returns the id of the string whose UTF-8 is a part of an array; otherwise as {@link
   * #intern(String)}. Makes no garbage if it is there. That it is UTF-8 is up to the caller.
   *
   * @param from index of the first byte
   * @param to index behind the last byte
   * @throws IndexOutOfBoundsException if they are not within the array
   */
  public long intern(byte[] utf8, int from, int to) {
    Objects.checkFromToIndex(from, to, utf8.length);
    return strings.intern(utf8, from, to - from);
  }

  /** Returns the id of a string, or empty if it was never added. Changes nothing. */
  public OptionalLong find(String text) {
    byte[] bytes = TEXT.encode(text);
    return find(bytes, 0, bytes.length);
  }

  /**
   * Returns the id of the string whose UTF-8 is a part of an array, or empty if it was never added.
   *
   * @throws IndexOutOfBoundsException if they are not within the array
   */
  public OptionalLong find(byte[] utf8, int from, int to) {
    Objects.checkFromToIndex(from, to, utf8.length);
    long id = strings.find(utf8, from, to - from);
    return id < 0 ? OptionalLong.empty() : OptionalLong.of(id);
  }

  /**
   * Returns the string of an id.
   *
   * @throws IndexOutOfBoundsException if no string has it
   */
  public String get(long id) {
    byte[] bytes = strings.get(id);
    if (bytes == null) {
      throw new IndexOutOfBoundsException(
          "no string has the id " + id + ": there are " + size() + ", which count from 0");
    }
    return TEXT.decode(bytes);
  }

  /** Returns the number of strings, which is the id that the next one gets. */
  public long size() {
    return strings.size();
  }

  /**
   * Looks at every string: that it is found, under its id, once and in a block of its own; counts
   * them. Those who add strings wait until it ends.
   */
  public StringCheck check() {
    return strings.check();
  }

  @Override
  public String toString() {
    return strings.toString();
  }
}
