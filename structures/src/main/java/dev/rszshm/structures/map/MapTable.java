package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.internal.bytes.XxHash64;
import dev.rszshm.structures.internal.codec.MapCodecs;
import dev.rszshm.structures.internal.codec.StructureName;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.structures.map.errors.DamagedMapException;

/*
 * A hash table of bytes by bytes, in a shared heap: what the maps are faces of.
 *
 * Layout
 * ------
 * MapLayout. The lower bits of a key's hash say in which shard it is. Each shard is a table of its own, by linear
 * hashing: it has n buckets, and a hash belongs to bucket hash mod 2^k, or mod 2^(k-1) where the first is
 * not there yet. It grows by a bucket at a time, and lines of buckets lie in segments that double, in four steps:
 * nothing is copied but the words of one bucket. A bucket is a line of one cache line, with seven places and a tag
 * of a byte for each, which are compared at once. If seven are not enough, the last place is a link to another line.
 * A place has the reference of an entry: one word, in the form of the allocator's slots.
 *
 * Protocol
 * --------
 * Those who change a shard exclude one another by its lock (Shard). Readers take no lock and write nothing (Reads):
 *  1 read the number of buckets, and of moves; find the line;
 *  2 read its tags; for each that fits, read the place; then of the entry: stamp, lengths, key, value;
 *  3 read the place again, and the stamp again, both with acquire order: both the same: this was the value
 *    when the place was read again;
 *  4 no tag fits, here and in the lines it links to: read both numbers again. The same: it was not there.
 *    Otherwise, and if something at 3 was not the same, from the beginning.
 *
 * Why two looks are enough. An entry is written in full before its stamp is, and is not changed afterwards, but
 * for values of up to 8 bytes, which are one word. No other entry of this map ever has the same stamp (64
 * bits, counted in each shard, with the shard's number; mixed with the seed so that other maps have others). So if
 * a reader finds the stamp s, then reads, and then finds the place unchanged and after that the stamp s again: at
 * its second look the place had an entry in this block; had that been another than the first, its stamp would
 * have been written in between, and s never comes again. So neither the 9 bits of sequence in a reference nor anything else that comes
 * round is relied on: a key may be removed or replaced, its block freed and used for whatever, or kept as the spare, and put again under the
 * same key, while the reader stands still: the reader begins again.
 * What else is in memory that was freed may be anything; it is read within bounds, and not believed. (64 bits of
 * it would have to be the stamp by chance, at the right instant.)
 *
 * Why a miss is one. Entries stay where they are, unless a bucket is split or its chain is made shorter. A split
 * puts copies of the words that belong to the new bucket there, raises n, and only then takes them
 * out of the old one. Whoever looked with the old n, and missed one, finds n changed; n never comes again. Within
 * a chain a word is copied to an earlier line, moves is raised, and then it is taken out of the later one. Lines that are taken
 * out of a chain were empty, and moves is raised before they are freed. Both numbers have 64 bits.
 *
 * Values are replaced by one store in the place: old or new. In place is written only what is one
 * aligned word: a value of 1 to 8 bytes by one of the same length. Anything longer would be a mix to a reader that copies,
 * and for good if the writer died.
 *
 * Reading in place: Pins. Growth: Splitting. What a death leaves: Shard, which is the only one that writes.
 *
 * Linear hashing: Litwin 1980; with segments, Larson 1988. Tags in the line: the bucket of Level
 * Hashing and of SwissTable. The stamp is a sequence lock's number that belongs to the entry, not to the bucket.
 */
final class MapTable {
  final Allocator allocator;
  final Heap heap;
  final long at;
  final MapSpec spec;
  final MapCodecs<?, ?> codecs;
  final int shardBits;
  final long seed;
  final Pins pins;
  final Reads reads;
  private final Shard[] shards;
  private final long firstBlock;

  /** Offsets of segments that were found, by shard and number; 0: not looked for yet. */
  private final long[] segments;

  private final Presence presence;
  private volatile boolean closed;

  /** Whether this is the one that removes the map. */
  private volatile boolean removes;

  private MapTable(Allocator allocator, long at, MapSpec spec, MapCodecs<?, ?> codecs) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    this.spec = spec;
    this.codecs = codecs;
    this.shardBits = spec.shardBits();
    this.presence = new Presence(heap, at + MapLayout.MAGIC, MapLayout.MAGIC_VALUE, this);
    this.seed = heap.getLong(at + MapLayout.SEED);
    this.firstBlock = heap.dataOffset();
    this.segments = new long[spec.shards() * MapLayout.SEGMENT_COUNT];
    this.pins = new Pins(heap, at);
    this.shards = new Shard[spec.shards()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(this, i);
    }
    this.reads = new Reads(this);
  }

  /** What messages call the map at an offset. */
  static StructureName name(Allocator allocator, long at) {
    return new StructureName("map", allocator.heap(), at, allocator);
  }

  /** Finds the map at a place of {@link MapFounding#place}, or makes it. */
  static MapTable at(Allocator allocator, long at, MapSpec spec, MapCodecs<?, ?> codecs) {
    MapFounding.findOrMake(allocator.heap(), at, spec, codecs);
    return new MapTable(allocator, at, spec, codecs);
  }

  long hash(byte[] key) {
    return XxHash64.hash(key, key.length, seed);
  }

  long hash(long key) {
    return XxHash64.hash(key, seed);
  }

  int shardCount() {
    return shards.length;
  }

  /** The shard of a hash, of a map that is open. */
  Shard shard(long hash) {
    requireOpen();
    requireThere();
    return shards[(int) hash & (shards.length - 1)];
  }

  Shard shardAt(int number) {
    requireOpen();
    return shards[number];
  }

  int shardNumber(long hash) {
    return (int) hash & (shards.length - 1);
  }

  long shardOffset(int number) {
    return at + MapLayout.SHARDS + (long) number * MapLayout.SHARD_LENGTH;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the map at offset " + at + " of " + heap + " is closed");
    }
  }

  void close() {
    closed = true;
  }

  /** Makes sure that nobody has removed the map. */
  void requireThere() {
    if (!removes) {
      presence.require();
    }
  }

  /** Takes the map away, of which nobody can do anything any more but this object. */
  void remove() {
    removes = true;
    presence.end();
    for (Shard shard : shards) {
      shard.dismantle();
    }
  }

  /** The number of entries. */
  long size() {
    requireThere();
    long size = 0;
    for (int i = 0; i < shards.length; i++) {
      size += heap.getLongAcquire(shardOffset(i) + MapLayout.COUNT);
    }
    return Math.max(0, size);
  }

  /** The offset of the first line of a bucket that is there; 0 if its segment cannot be. */
  long line(int shard, long bucket) {
    int segment = MapLayout.segment(bucket);
    int index = shard * MapLayout.SEGMENT_COUNT + segment;
    long offset = segments[index];
    if (offset == 0) {
      offset = findSegment(shard, segment);
      segments[index] = offset;
    }
    return offset == 0 ? 0 : offset + MapLayout.lineInSegment(bucket) * MapLayout.LINE_LENGTH;
  }

  private long findSegment(int shard, int segment) {
    long word =
        heap.getLongAcquire(shardOffset(shard) + MapLayout.SEGMENTS + (long) Long.BYTES * segment);
    long length = MapLayout.lines(segment) * MapLayout.LINE_LENGTH;
    return MapLayout.isReference(word) && isWithin(MapLayout.block(word), length)
        ? MapLayout.block(word)
        : 0;
  }

  /** Forgets where segments are: the shard has none any more. */
  void forgetSegments(int shard) {
    for (int i = 0; i < MapLayout.SEGMENT_COUNT; i++) {
      segments[shard * MapLayout.SEGMENT_COUNT + i] = 0;
    }
  }

  /** Whether so many bytes can be at an offset, which then are mapped. */
  boolean isWithin(long offset, long length) {
    if (offset < firstBlock || (offset & Long.BYTES - 1) != 0 || length < 0) {
      return false;
    }
    return offset <= heap.mappedLength() - length || offset <= heap.catchUp() - length;
  }

  /** The block of a place that has an entry, within bounds. */
  long requireEntry(long place, long word) {
    long block = MapLayout.block(word);
    if (!MapLayout.isReference(word) || !isWithin(block, MapLayout.KEY)) {
      throw damaged(place, word, "the reference of an entry");
    }
    int keyLength = heap.getInt(block + MapLayout.KEY_LENGTH);
    int valueLength = heap.getInt(block + MapLayout.VALUE_LENGTH);
    if (keyLength < 0
        || valueLength < 0
        || !isWithin(block, MapLayout.entryLength(keyLength, valueLength))) {
      throw damaged(
          place, word, "an entry whose lengths are not " + keyLength + ", " + valueLength);
    }
    return block;
  }

  /** The line of a link, within bounds. */
  long requireLine(long place, long link) {
    long line = MapLayout.block(link);
    if (!MapLayout.isLink(link) || !isWithin(line, MapLayout.LINE_LENGTH)) {
      throw damaged(place, link, "a link to a line");
    }
    return line;
  }

  /** The most lines that a chain can have, whatever is in memory. */
  long mostLines() {
    return heap.length() / MapLayout.LINE_LENGTH + 1;
  }

  DamagedMapException damaged(long place, long found, String expected) {
    return new DamagedMapException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return name(allocator, at).toString();
  }
}
