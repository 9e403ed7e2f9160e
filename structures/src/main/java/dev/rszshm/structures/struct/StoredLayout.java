package dev.rszshm.structures.struct;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.structures.struct.errors.DamagedStructException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * What a heap remembers of the layout of a struct, for programs that do not declare it.
 *
 * @param name the name of the struct
 * @param version the newest version that any process has stored
 * @param length the length of a struct of that version in bytes
 * @param alignment the power of two of which the offset of a struct is a multiple
 * @param isExtensible whether structs have a header, so that fields can be added later
 * @param lines a line for each version, and behind it one for each field that it adds
 */
public record StoredLayout(
    String name,
    int version,
    long length,
    long alignment,
    boolean isExtensible,
    List<String> lines) {
  /** The type of a root that is a layout. */
  public static final long ROOT_TYPE = LayoutTableLayout.TYPE;

  /** Copies the lines. */
  public StoredLayout {
    lines = List.copyOf(lines);
  }

  /** Returns the name of the struct whose layout a root is; empty if it is none. */
  public static Optional<String> nameOf(RootEntry root) {
    boolean isLayout =
        root.type() == ROOT_TYPE && root.name().startsWith(LayoutTableLayout.ROOT_PREFIX);
    return isLayout
        ? Optional.of(root.name().substring(LayoutTableLayout.ROOT_PREFIX.length()))
        : Optional.empty();
  }

  /**
   * Returns the layout of a struct that has a name of its own, as {@link StructLayout#named} makes
   * it. Layouts that are damaged are passed over. A heap that is attached for reading only will do.
   *
   * @param root the struct
   * @return empty if the root is no struct, or its layout is not stored
   */
  public static Optional<StoredLayout> ofStruct(Allocator allocator, RootEntry root) {
    for (RootEntry other : allocator.roots()) {
      Optional<String> name = nameOf(other).filter(n -> allocator.get(other.slot()) > 0);
      if (name.isPresent()) {
        Publication publication = new Publication(allocator, name.get());
        try {
          if (publication.hash().filter(hash -> hash == root.type()).isPresent()) {
            return publication.stored();
          }
        } catch (DamagedStructException e) {
          // A check of the layout says so. Another one may be that of the struct.
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the fields of all versions in their order; not those of types that are unknown here.
   */
  public List<StructField> fields() {
    List<StructField> fields = new ArrayList<>();
    int since = 0;
    for (String line : lines) {
      Matcher whole = LayoutTableLayout.WHOLE.matcher(line);
      Matcher field = LayoutTableLayout.FIELD.matcher(line);
      if (whole.matches()) {
        since = Integer.parseInt(whole.group(1));
      } else if (field.matches()) {
        Optional<FieldType> type = FieldType.named(field.group(2));
        if (type.isPresent()) {
          fields.add(field(field, type.get(), since));
        }
      }
    }
    return List.copyOf(fields);
  }

  private static StructField field(Matcher line, FieldType type, int since) {
    String target = line.group(3);
    String count = line.group(4);
    return new StructField(
        line.group(1),
        type,
        target == null ? "" : target,
        count != null,
        count == null ? 1 : Integer.parseInt(count),
        Long.parseLong(line.group(5)),
        since);
  }

  /**
   * Returns the layout of a struct, and checks it by its hash. A heap that is attached for reading
   * only will do.
   *
   * @param name the name of the struct
   * @return empty if no process has stored one of this name
   * @throws dev.rszshm.structures.struct.errors.DamagedStructException if what is stored is no
   *     layout
   */
  public static Optional<StoredLayout> find(Allocator allocator, String name) {
    return allocator
        .findRoot(LayoutTableLayout.ROOT_PREFIX + name)
        .filter(root -> root.type() == ROOT_TYPE && allocator.get(root.slot()) > 0)
        .flatMap(root -> new Publication(allocator, name).stored());
  }
}
