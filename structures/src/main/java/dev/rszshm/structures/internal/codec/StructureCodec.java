package dev.rszshm.structures.internal.codec;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.errors.CodecMismatchException;

/*
 * The codec of a structure's keys, values, elements or entries, which reads nothing that it does not know how to read.
 *
 * Layout
 * ------
 * One word of the structure's layout, beside its magic: FormatWord.
 *
 * Protocol
 * --------
 * make the structure (claim), before the magic is there:
 *  1 the word: from 0 to the own format, by compare-and-set. Of makers with different codecs one is first.
 * open it, behind the magic, and each method from then on (require):
 *  2 read the word. It is the own one, or what was accepted before: good. Else it must have the own id, and a version that
 *    the codec reads, or, of keys, the own one; otherwise all ends here with an exception.
 * change the structure (beforeChange):
 *  3 as 2; then, if the own version is newer, the word from what was read to the own one, by compare-and-set; failed:
 *    from 2. In the structure's lock, 4 read the word again (requireInLock): if it is another one, nothing is changed.
 * read an object: 5 read its bytes, with acquire order; 6 as 2; 7 decode.
 *
 * Why nothing is read by a codec that does not know it. The word's version only rises, each time to one that reads those before
 * (2 comes before 3), so that it reads all that was ever written. Whoever writes an object has raised the word to its own
 * version (3) before others see the object. So who sees an object at 5 sees at 6 a word that is at least of the object's version.
 *
 * Why nothing is lost. Who takes an object out sees at 4, in the lock, and behind having seen the object, the same as at 6. Its word is its own then
 * (3), so that another one is newer, or one that it does not read. What has passed 4 is decoded, whatever comes afterwards.
 *
 * If a process dies here
 * ----------------------
 * Each step is one store, or none. After 1 the structure has the format of the dead, which nobody has used yet: whoever goes on making it
 * is refused if its codec is another one. It can be removed. After 3 the word has a version of which there is no object: older ones are refused.
 */

/**
 * A codec in the service of a structure: keeps its format there, holds others to it, and names the
 * structure where its bytes are refused.
 *
 * <p>All methods may be called by any thread at any time.
 *
 * @param <T> the type of the objects
 */
public final class StructureCodec<T> extends ForwardingCodec<T> {
  /** What a structure has the codec for. */
  public enum Use {
    /** Found by their bytes, so that only one version will do. */
    KEYS("keys"),
    VALUES("values"),
    ELEMENTS("elements"),
    ENTRIES("entries"),

    /** Of an object that is replaced as a whole. */
    CONTENT("the bytes"),

    /** What a client and a worker tell each other of a task. */
    ARGUMENTS("arguments"),
    RESULTS("results");

    private final String plural;

    Use(String plural) {
      this.plural = plural;
    }
  }

  /** Damage aside, each try that fails means that a newer version has come. */
  private static final int TRIES = 10_000;

  private final Heap heap;
  private final long place;
  private final Use use;
  private final Object structure;
  private final long own;

  /** A word that was found to be good: the last one, or one before it. */
  private volatile long accepted;

  /**
   * A codec for a structure.
   *
   * @param place the offset of the word
   * @param structure what messages call it
   */
  public StructureCodec(Heap heap, long place, Codec<T> codec, Use use, Object structure) {
    super(codec);
    this.heap = heap;
    this.place = place;
    this.use = use;
    this.structure = structure;
    this.own = FormatWord.of(formatOf(codec));
    this.accepted = own;
  }

  /** Returns the format that the structure has now. */
  public CodecFormat stored() {
    return FormatWord.format(heap.getLongAcquire(place));
  }

  /** Says the format of a structure that is being made, unless somebody has said it; step 1. */
  public void claim() {
    heap.compareAndSetLong(place, FormatWord.NONE, own);
  }

  /**
   * Makes sure that the codec knows what is there; step 2. Outside of locks: it asks the codec.
   *
   * @throws CodecMismatchException if it does not
   */
  public void require() {
    long word = heap.getLongAcquire(place);
    if (word != accepted) {
      accept(word);
    }
  }

  private void accept(long word) {
    if (word != own) {
      heap.requireOpen(); // or what was read is nothing
      requireReadable(codec, FormatWord.format(word), use, structure);
    }
    accepted = word;
  }

  /**
   * Makes sure that a codec reads a format.
   *
   * @param structure what messages call it
   * @throws CodecMismatchException if it does not
   */
  public static void requireReadable(Codec<?> codec, CodecFormat found, Use use, Object structure) {
    CodecFormat mine = formatOf(codec);
    if (found.equals(mine)) {
      return;
    }
    boolean ofKeys = use == Use.KEYS && !(codec instanceof StoredBytes);
    if (found.version() < 1 || found.id() != mine.id() || ofKeys || !codec.reads(found.version())) {
      throw mismatch(found, mine, mine.name().isPresent() ? "" : codec + ", ", use, structure);
    }
  }

  private static CodecFormat formatOf(Codec<?> codec) {
    return codec instanceof StoredBytes stored
        ? new CodecFormat(stored.id(), stored.version()) // whatever it is
        : CodecFormat.of(codec);
  }

  /**
   * Makes sure that the codec knows what is there, and says that it writes from now on; steps 2 and
   * 3. Outside of locks.
   *
   * @throws CodecMismatchException as {@link #require} does
   */
  public void beforeChange() {
    require();
    for (int i = 0; i < TRIES; i++) {
      long before = accepted;
      if (before == own || codec instanceof StoredBytes) {
        return;
      }
      if (heap.compareAndSetLong(place, before, own)) {
        accepted = own;
        return;
      }
      require();
    }
    throw mismatch(stored(), FormatWord.format(own), "", use, structure);
  }

  /**
   * Makes sure that nobody has raised the version since {@link #beforeChange}; step 4. For locks:
   * it asks nobody.
   *
   * @throws CodecMismatchException if somebody has
   */
  public void requireInLock() {
    long word = heap.getLongAcquire(place);
    if (word != own && !(codec instanceof StoredBytes)) {
      heap.requireOpen(); // or what was read is nothing
      throw mismatch(FormatWord.format(word), FormatWord.format(own), "", use, structure);
    }
  }

  private static CodecMismatchException mismatch(
      CodecFormat found, CodecFormat mine, String codec, Use use, Object structure) {
    return new CodecMismatchException(
        use.plural
            + " of "
            + structure
            + (found.version() == 0 ? " have no format" : " are in the format of codec " + found)
            + ", expected "
            + codec
            + mine
            + advice(found, mine, use));
  }

  private static String advice(CodecFormat found, CodecFormat mine, Use use) {
    if (found.version() < 1) {
      return ": somebody has written where they should not, or is removing it";
    }
    if (use == Use.ARGUMENTS || use == Use.RESULTS) {
      return ": client and worker have different codecs for the task. Let both run the same"
          + " program, or one that reads what the other writes";
    }
    if (found.id() != mine.id()) {
      return ": use the codec that it was made with, or another name or place. A record whose"
          + " components have changed is another format: Codec says how one codec reads both";
    }
    return use == Use.KEYS
        ? ": keys are found by their bytes, which another version may write differently. Use that"
            + " version, or copy what is there into a new one"
        : " or one before it: a newer program has written it, use one as new as that";
  }

  /** Returns the bytes of an object that is about to be stored; steps 2 and 3. */
  public byte[] encodeToStore(T object) {
    byte[] bytes = codec.encode(object);
    beforeChange();
    return bytes;
  }

  /** Returns the bytes of an object that is looked for. */
  @Override
  public byte[] encode(T object) {
    byte[] bytes = codec.encode(object);
    require();
    return bytes;
  }

  /** Returns the object of bytes that were found in the structure; steps 6 and 7. */
  @Override
  public T decode(byte[] bytes) {
    require();
    try {
      T object = codec.decode(bytes);
      if (object == null) {
        throw TakenBytes.madeNull(bytes);
      }
      return object;
    } catch (CodecException e) {
      throw new CodecException(
          "in "
              + where()
              + ": "
              + e.getMessage()
              + ". The codec is "
              + codec
              + ", which has written them: it is wrong, or there is damage",
          e);
    }
  }

  private String where() {
    return "the " + use.plural + " of " + structure;
  }

  /**
   * Returns the object of bytes that were taken out of the structure, behind step 4: whatever has
   * come since, they are in a format that the codec knows, and nobody else has them.
   *
   * @throws CodecException with the bytes
   */
  public T decodeTaken(byte[] bytes) {
    return TakenBytes.decode(codec, bytes, this::where);
  }
}
