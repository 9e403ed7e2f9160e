package dev.rszshm.structures.struct;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.errors.DamagedStructException;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;

/*
 * A layout in a heap, so that processes with different declarations notice it.
 *
 * Layout
 * ------
 * LayoutTableLayout: a chain of tables, one for each version, which is only ever made longer.
 *
 * Protocol
 * --------
 * 1 The root is found or made, of zeros. Then for each version that the program declares, from the first one on:
 * 2 if the slot refers to a table, its hash is computed anew and its lines are compared: the first that is
 *   different is a mismatch;
 * 3 if it is empty, a table with the version is put into it, filled before anybody can see it. Who finds the slot no
 *   longer empty goes to 2.
 * 4 The slot of the table is the next one.
 * Tables behind the last version of the program are newer ones, which are read for their hash only.
 *
 * If a process dies here
 * ----------------------
 * 1: the root is there or not; zeros are a layout that nobody has stored. 3: the table is in the slot, or there is
 * none, and the next process stores it. 2 and 4 change nothing.
 */
final class Publication {
  /** How often a slot is looked at that is neither empty nor filled. */
  private static final int LOOKS = 8;

  private final Allocator allocator;
  private final Heap heap;
  private final String name;

  Publication(Allocator allocator, String name) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.name = name;
  }

  private record Table(long offset, List<String> lines, long hash) {
    /** What the first line says. */
    LayoutVersion.Extent extent() {
      Matcher matcher = LayoutTableLayout.WHOLE.matcher(lines.get(0));
      return matcher.matches()
          ? new LayoutVersion.Extent(
              Integer.parseInt(matcher.group(1)),
              0,
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3)))
          : new LayoutVersion.Extent(0, 0, 0, 1);
    }

    boolean isExtensible() {
      return lines.get(0).contains(" extensible ");
    }
  }

  private long root() {
    return allocator.place(
        LayoutTableLayout.ROOT_PREFIX + name,
        LayoutTableLayout.TYPE,
        LayoutTableLayout.ROOT_VERSION,
        LayoutTableLayout.ROOT_LENGTH);
  }

  /** Stores what is not stored, compares what is; returns all versions that are stored then. */
  List<LayoutVersion.Extent> publish(List<LayoutVersion> declared) {
    long slot = root() + LayoutTableLayout.FIRST;
    List<List<String>> texts = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    for (LayoutVersion version : declared) {
      long table = allocator.get(slot);
      if (table == 0 && heap.isReadOnly()) {
        break;
      }
      if (table == 0) {
        table = store(slot, version);
      }
      Table found = read(table, texts);
      compare(found, version);
      tables.add(found);
      slot = table + LayoutTableLayout.NEXT;
    }
    tables.addAll(behind(slot, texts));
    return tables.stream().map(Table::extent).toList();
  }

  /** Returns the version with a hash, if one is stored. */
  Optional<LayoutVersion.Extent> find(long hash) {
    List<Table> tables = behind(root() + LayoutTableLayout.FIRST, new ArrayList<>());
    return tables.stream()
        .filter(table -> table.hash == hash)
        .map(Table::extent)
        .filter(extent -> extent.version() > 0 && extent.length() > 0)
        .findFirst();
  }

  /** Returns the structs of the version with a hash, as bytes, if that is stored. */
  Optional<Elements<byte[]>> elements(long hash) {
    return behind(root() + LayoutTableLayout.FIRST, new ArrayList<>()).stream()
        .filter(table -> table.hash == hash)
        .filter(table -> table.extent().version() > 0 && table.extent().length() > 0)
        .map(
            table -> {
              LayoutVersion.Extent e = table.extent();
              long header =
                  table.isExtensible() ? StructHeaderLayout.header(e.version(), e.length()) : 0;
              return Elements.ofBytes(hash, e.length(), e.version(), name, header);
            })
        .findFirst();
  }

  /** Returns the hash of the first version, if one is stored: the type of the roots of structs. */
  Optional<Long> hash() {
    return behind(root() + LayoutTableLayout.FIRST, new ArrayList<>()).stream()
        .findFirst()
        .map(Table::hash);
  }

  /** Returns what is stored, all versions, if something is. */
  Optional<StoredLayout> stored() {
    List<Table> tables = behind(root() + LayoutTableLayout.FIRST, new ArrayList<>());
    for (Table table : tables) {
      int text = heap.getInt(table.offset + LayoutTableLayout.TEXT_LENGTH);
      if (allocator.usableSize(table.offset) < LayoutTableLayout.TEXT + (long) text) {
        throw damaged(table.offset, "its block is too short for a text of " + text + " bytes");
      }
      if (table.extent().version() == 0) {
        throw damaged(table.offset, "its first line is \"" + table.lines.get(0) + "\"");
      }
    }
    if (tables.isEmpty()) {
      return Optional.empty();
    }
    Table newest = tables.get(tables.size() - 1);
    LayoutVersion.Extent extent = newest.extent();
    return Optional.of(
        new StoredLayout(
            name,
            extent.version(),
            extent.length(),
            extent.alignment(),
            newest.isExtensible(),
            tables.stream().flatMap(table -> table.lines.stream()).toList()));
  }

  private List<Table> behind(long first, List<List<String>> texts) {
    List<Table> tables = new ArrayList<>();
    long slot = first;
    for (long table = allocator.get(slot); table != 0; table = allocator.get(slot)) {
      if (texts.size() >= LayoutTableLayout.MAX_VERSIONS) {
        throw damaged(table, "it has more than " + LayoutTableLayout.MAX_VERSIONS + " versions");
      }
      tables.add(read(table, texts));
      slot = table + LayoutTableLayout.NEXT;
    }
    return tables;
  }

  /** Step 3. Returns the table that is in the slot then. */
  private long store(long slot, LayoutVersion version) {
    byte[] text = LayoutVersion.text(version.lines()).getBytes(StandardCharsets.UTF_8);
    for (int look = 0; look < LOOKS; look++) {
      allocator.allocateInto(
          slot,
          LayoutTableLayout.TEXT + (long) text.length,
          table -> {
            heap.putLong(table + LayoutTableLayout.HASH, version.hash());
            heap.putInt(table + LayoutTableLayout.TEXT_LENGTH, text.length);
            heap.putBytes(table + LayoutTableLayout.TEXT, text);
          });
      long table = allocator.get(slot);
      if (table != 0) {
        return table;
      }
    }
    throw damaged(slot, "its slot is neither empty nor refers to a table");
  }

  /** Reads the table of the next version. */
  private Table read(long table, List<List<String>> texts) {
    int length = heap.getInt(table + LayoutTableLayout.TEXT_LENGTH);
    if (length < 1 || length > LayoutTableLayout.MAX_TEXT_LENGTH) {
      throw damaged(table, "it has a text of " + length + " bytes");
    }
    byte[] bytes = heap.getBytes(table + LayoutTableLayout.TEXT, length);
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    texts.add(lines);
    long hash = heap.getLong(table + LayoutTableLayout.HASH);
    if (lines.isEmpty() || hash != LayoutVersion.hash(texts)) {
      throw damaged(
          table,
          String.format(
              Locale.ROOT,
              "its hash is 0x%016x, and that of its text 0x%016x",
              hash,
              LayoutVersion.hash(texts)));
    }
    return new Table(table, lines, hash);
  }

  private DamagedStructException damaged(long offset, String why) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedStructException(
        "the layout \""
            + name
            + "\" that is stored at offset "
            + offset
            + " of "
            + heap.path()
            + " is damaged: "
            + why
            + ". Make the heap anew");
  }

  /** Step 2. */
  private void compare(Table table, LayoutVersion version) {
    List<String> found = table.lines;
    List<String> expected = version.lines();
    // a field says more than the length that follows from it
    for (int i = 1; i < Math.max(found.size(), expected.size()); i++) {
      String is = i < found.size() ? found.get(i) : "";
      String should = i < expected.size() ? expected.get(i) : "";
      if (!is.equals(should)) {
        throw fieldMismatch(is, should, version.version());
      }
    }
    if (!found.get(0).equals(expected.get(0))) {
      throw mismatch("as a whole", found.get(0), expected.get(0));
    }
  }

  private LayoutMismatchException fieldMismatch(String found, String expected, int version) {
    String one = word(found);
    String other = word(expected);
    String fields =
        one.equals(other) || other.isEmpty()
            ? "\"" + one + "\""
            : one.isEmpty() ? "\"" + other + "\"" : "\"" + one + "\" or \"" + other + "\"";
    return mismatch("in its field " + fields + " of version " + version, found, expected);
  }

  private static String word(String line) {
    int space = line.indexOf(' ');
    return space < 0 ? line : line.substring(0, space);
  }

  private LayoutMismatchException mismatch(String where, String found, String expected) {
    return new LayoutMismatchException(
        "the layout \""
            + name
            + "\" differs "
            + where
            + ": found "
            + (found.isEmpty() ? "no such field" : "\"" + found + "\"")
            + " in "
            + heap.path()
            + ", expected "
            + (expected.isEmpty() ? "no such field" : "\"" + expected + "\"")
            + ". Use programs with the same declaration; fields can be added only at the end of an"
            + " @Extensible struct, with a new @Since");
  }
}
