package dev.rszshm.structures.struct;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import dev.rszshm.structures.struct.errors.DamagedStructException;
import dev.rszshm.structures.struct.errors.MissingFieldException;
import java.lang.invoke.MethodHandles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/*
 * Why a record, and handles
 * -------------------------
 * Four ways of declaring were looked at. A schema of its own (as SBE has) needs a generator in everybody's build, and
 * an interface whose accessors are made at run time (as Chronicle Values has it) needs a compiler or bytecode in the
 * running program, which new JDKs have broken more than once. A MemoryLayout with VarHandles is the JDK's own way,
 * but not there on 17, and says what it means in types only at run time. A record is in everybody's build already,
 * its components have an order, names, types and annotations, reflection gives them without opening anything, and
 * it is the value that is read and written as a whole. What is missing are accessors: handles, one for each field,
 * in constants of the program. They are plain objects with an offset, so nothing is generated. Fields that are
 * added later work as in SBE: at the end only, with length and version in front of the struct.
 *
 * Layout
 * ------
 * As C lays out a struct of these fields on x86-64. StructHeaderLayout: what is in front of an extensible one.
 * LayoutTableLayout: how a heap remembers a layout.
 *
 * Protocol
 * --------
 * named, the making of a struct with a name:
 *  1 the layout is published (see Publication); 2 the place is found or made, of zeros. One that a program with
 *    another version has made is looked for by the length it has;
 *  3 if it is extensible and has no header, one is written, by compare-and-set from 0: of the newest version that
 *    has room in the place.
 *
 * If a process dies here
 * ----------------------
 * 1: see Publication. 2: the place is there or not. 3: there is no header yet, and the next one writes it.
 */

/**
 * The layout of a struct: which fields it has, of which types, and where. A record declares it, a
 * component for each field:
 *
 * <pre>{@code
 * record Order(long price, int amount, @Length(16) String customer, Slot<Order> next) {
 *   static final StructLayout<Order> LAYOUT = StructLayout.of(Order.class);
 *   static final LongField<Order> PRICE = LAYOUT.longField("price");
 *   static final SlotField<Order, Order> NEXT = LAYOUT.slotField("next", Order.class);
 * }
 *
 * Block<Order> first = Order.LAYOUT.named(allocator, "first order");
 * Order.PRICE.getAndAdd(heap, first, 5);
 * Block<Order> second = Order.NEXT.of(heap, first).allocate(allocator, Order.LAYOUT);
 * }</pre>
 *
 * <p>A component is of a primitive type, a {@link String}, an array of primitives, a record (which
 * lies within), a {@link Slot} or {@link Block} of a record (which is referred to), or an array of
 * these. Strings and arrays have a {@link Length}. {@link Align} and {@link Name} change what
 * follows from the component; {@link Extensible} and {@link Since} are for structs that become
 * longer.
 *
 * <p>A layout is the same in every process that has the same declaration. {@link #publish} stores
 * it in a heap, and refuses another one of the same name. Layouts are immutable, and belong to no
 * heap; any number of threads may use one.
 *
 * @param <S> the record that declares it
 */
public final class StructLayout<S> {
  private static final long MANAGED_ALIGNMENT = 16;

  private final String name;
  private final boolean extensible;
  private final Map<String, StructField> fields;
  private final List<LayoutVersion> versions;
  private final LayoutVersion newest;
  private final RecordMapping<S> mapping;

  StructLayout(
      String name,
      boolean extensible,
      List<StructField> fields,
      List<LayoutVersion> versions,
      RecordMapping<S> mapping) {
    this.name = name;
    this.extensible = extensible;
    this.fields = new LinkedHashMap<>();
    fields.forEach(field -> this.fields.put(field.name(), field));
    this.versions = versions;
    this.newest = versions.get(versions.size() - 1);
    this.mapping = mapping;
  }

  /**
   * Returns the layout that a record declares. {@link #read} and {@link #write} need a record and a
   * constructor that are public.
   *
   * @throws IllegalArgumentException if the record cannot be a struct; the message names the
   *     component and says what is expected
   */
  public static <S extends Record> StructLayout<S> of(Class<S> type) {
    return of(type, MethodHandles.publicLookup());
  }

  /**
   * Returns the layout that a record declares.
   *
   * @param lookup may use the record and its constructor
   * @throws IllegalArgumentException as {@link #of(Class)} does
   */
  public static <S extends Record> StructLayout<S> of(Class<S> type, MethodHandles.Lookup lookup) {
    return new RecordDeclaration(lookup).layoutOf(type);
  }

  /** Returns the name of the struct: the simple name of the record, or what {@link Name} says. */
  public String name() {
    return name;
  }

  /** Returns the length of a struct in bytes. */
  public long length() {
    return newest.length();
  }

  /** Returns the power of two of which the offset of a struct is a multiple. */
  public long alignment() {
    return newest.alignment();
  }

  /** Returns the version: the greatest that a field was added in. */
  public int version() {
    return newest.version();
  }

  /** Returns whether structs have a header, so that fields can be added later. */
  public boolean isExtensible() {
    return extensible;
  }

  /** Returns a number that another layout has by accident only: of names, types and places. */
  public long hash() {
    return newest.hash();
  }

  /** Returns the fields in their order, those of nested structs one by one. */
  public List<StructField> fields() {
    return List.copyOf(fields.values());
  }

  List<LayoutVersion> versions() {
    return versions;
  }

  RecordMapping<S> mapping() {
    return mapping;
  }

  /** Returns the newest version that is as long as this or shorter; the oldest if none is. */
  LayoutVersion versionWithin(long length) {
    LayoutVersion found = versions.get(0);
    for (LayoutVersion version : versions) {
      if (version.length() <= length) {
        found = version;
      }
    }
    return found;
  }

  private StructField require(String field, FieldType type, Class<?> target) {
    StructField found = fields.get(field);
    if (found == null) {
      throw new IllegalArgumentException(
          "the struct \""
              + name
              + "\" has no field \""
              + field
              + "\": it has "
              + fields.values().stream().map(StructField::name).collect(Collectors.joining(", ")));
    }
    String expected =
        type + (target == Void.class ? "" : "<" + RecordDeclaration.nameOf(target) + ">");
    String actual = found.type() + (found.type().isReference() ? "<" + found.target() + ">" : "");
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(
          "field \""
              + field
              + "\" of \""
              + name
              + "\" is of type "
              + actual
              + ", expected "
              + expected
              + ": ask for the handle of its type");
    }
    return found;
  }

  private StructField require(String field, FieldType type) {
    return require(field, type, Void.class);
  }

  /**
   * Returns the field of a name, or the field of an inner one, as {@code price.units}.
   *
   * @throws IllegalArgumentException if there is no such field, or it is of another type; so do the
   *     methods for the other types
   */
  public LongField<S> longField(String field) {
    return new LongField<>(this, require(field, FieldType.INT64));
  }

  /** Returns a field of type {@code int}. */
  public IntField<S> intField(String field) {
    return new IntField<>(this, require(field, FieldType.INT32));
  }

  /** Returns a field of type {@code short}. */
  public ShortField<S> shortField(String field) {
    return new ShortField<>(this, require(field, FieldType.INT16));
  }

  /** Returns a field of type {@code char}. */
  public CharField<S> charField(String field) {
    return new CharField<>(this, require(field, FieldType.UINT16));
  }

  /** Returns a field of type {@code byte}. */
  public ByteField<S> byteField(String field) {
    return new ByteField<>(this, require(field, FieldType.INT8));
  }

  /** Returns a field of type {@code boolean}. */
  public BooleanField<S> booleanField(String field) {
    return new BooleanField<>(this, require(field, FieldType.BOOL));
  }

  /** Returns a field of type {@code float}. */
  public FloatField<S> floatField(String field) {
    return new FloatField<>(this, require(field, FieldType.FLOAT32));
  }

  /** Returns a field of type {@code double}. */
  public DoubleField<S> doubleField(String field) {
    return new DoubleField<>(this, require(field, FieldType.FLOAT64));
  }

  /** Returns a field of type {@link String}. */
  public TextField<S> textField(String field) {
    return new TextField<>(this, require(field, FieldType.UTF8));
  }

  /**
   * Returns a field of type {@link Slot}.
   *
   * @param target the record it refers to
   */
  public <T extends Record> SlotField<S, T> slotField(String field, Class<T> target) {
    return new SlotField<>(this, require(field, FieldType.SLOT, target));
  }

  /**
   * Returns a field of type {@link Block}.
   *
   * @param target the record it refers to
   */
  public <T extends Record> BlockField<S, T> blockField(String field, Class<T> target) {
    return new BlockField<>(this, require(field, FieldType.BLOCK, target));
  }

  /**
   * Stores the layout in a heap, by its name, or compares it with the one that is stored. A newer
   * version of an {@link Extensible} layout is stored beside the older ones. If the process dies in
   * this method, the layout, or each of its versions, is stored or not.
   *
   * @return the newest version that any process has stored; what is newer than {@link #version} are
   *     fields that this program does not know. 0 if the heap is attached for reading only, and
   *     whoever was about to store the layout has died
   * @throws dev.rszshm.structures.struct.errors.LayoutMismatchException if another layout has this
   *     name; the message names the first field that is different, and what both have
   * @throws DamagedStructException if what is stored is no layout
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if none is stored, and the heap is
   *     attached for reading only
   */
  public int publish(Allocator allocator) {
    List<LayoutVersion.Extent> stored = new Publication(allocator, name).publish(versions);
    return stored.isEmpty() ? 0 : stored.get(stored.size() - 1).version();
  }

  /**
   * Returns the struct of a name, and makes it, of zeros, if there is none. Publishes the layout
   * first. If several threads or processes call this at once, all get the same struct. An
   * extensible struct keeps the version with which it was made.
   *
   * @param struct 1 to 88 bytes in UTF-8
   * @throws dev.rszshm.structures.struct.errors.LayoutMismatchException as {@link #publish} does
   * @throws RootMismatchException if the name belongs to something else
   */
  public Block<S> named(Allocator allocator, String struct) {
    LayoutVersion.Extent made = extentOf(allocator, struct);
    long place;
    try {
      place = place(allocator, struct, made);
    } catch (RootMismatchException e) {
      LayoutVersion.Extent other = extentOf(allocator, struct); // of another version, meanwhile
      if (other.equals(made)) {
        throw e;
      }
      made = other;
      place = place(allocator, struct, made);
    }
    Heap heap = allocator.heap();
    if (extensible && !heap.isReadOnly()) {
      heap.compareAndSetLong(
          place + StructHeaderLayout.HEADER,
          0,
          StructHeaderLayout.header(versionWithin(made.length())));
    }
    return new Block<>(place);
  }

  private long place(Allocator allocator, String struct, LayoutVersion.Extent extent) {
    return allocator.place(struct, versions.get(0).hash(), 1, extent.length(), extent.alignment());
  }

  /** Returns length and alignment with which a struct was made, or is to be made. */
  private LayoutVersion.Extent extentOf(Allocator allocator, String struct) {
    List<LayoutVersion.Extent> stored = new Publication(allocator, name).publish(versions);
    Optional<RootEntry> root =
        allocator.findRoot(struct).filter(r -> r.type() == versions.get(0).hash());
    return root.flatMap(
            r ->
                stored.stream()
                    .filter(v -> v.length() + slack(v.alignment()) == r.size())
                    .findFirst())
        .orElse(new LayoutVersion.Extent(version(), 0, length(), alignment()));
  }

  /** Returns what an allocator adds to a root, to align what is in it. */
  private static long slack(long alignment) {
    return Math.max(0, alignment - MANAGED_ALIGNMENT);
  }

  /**
   * Allocates a struct of zeros. If the process dies in this method, the struct may be lost; {@link
   * Slot#allocate} loses nothing.
   *
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public Block<S> allocate(Allocator allocator) {
    Heap heap = allocator.heap();
    long made = allocator.allocateAligned(length(), alignment());
    heap.fill(made, length(), (byte) 0);
    initialize(heap, made);
    return new Block<>(made);
  }

  /**
   * Writes the header of a struct in bytes of zeros that the caller has found by other means; has
   * no effect if the struct is not extensible.
   */
  public void initialize(Region region, long struct) {
    if (extensible) {
      region.putLongRelease(struct + StructHeaderLayout.HEADER, StructHeaderLayout.header(newest));
    }
  }

  /** Writes the header of a struct; as {@link #initialize(Region, long)}. */
  public void initialize(Heap heap, Block<S> struct) {
    initialize(heap, struct.required());
  }

  void requireManageable() {
    if (alignment() > MANAGED_ALIGNMENT) {
      throw new IllegalArgumentException(
          "the struct \""
              + name
              + "\" is aligned to "
              + alignment()
              + " bytes, expected up to "
              + MANAGED_ALIGNMENT
              + " in a slot: use named or allocate, or a smaller @Align");
    }
  }

  /** Returns the version of a struct: 0 if it is extensible and has no header. */
  public int versionOf(Region region, long struct) {
    if (!extensible) {
      return newest.version();
    }
    long header = region.getLongAcquire(struct + StructHeaderLayout.HEADER);
    int version = StructHeaderLayout.version(header);
    long length = StructHeaderLayout.length(header);
    if (version < 0 || length < versionBefore(version).length() && header != 0) {
      throw new DamagedStructException(
          "the struct \""
              + name
              + "\" at offset "
              + struct
              + " is damaged: its header says version "
              + version
              + " and a length of "
              + length
              + " bytes, expected "
              + versionBefore(version).length()
              + " or more");
    }
    return version;
  }

  /** Returns the version of a struct; as {@link #versionOf(Region, long)}. */
  public int versionOf(Heap heap, Block<S> struct) {
    return versionOf(heap, struct.required());
  }

  /**
   * Returns the newest version that this program knows of those up to another; the first if none.
   */
  private LayoutVersion versionBefore(int number) {
    LayoutVersion found = versions.get(0);
    for (LayoutVersion version : versions) {
      if (version.version() <= number) {
        found = version;
      }
    }
    return found;
  }

  /**
   * Returns the fields of a struct as a record, read one after the other as plain values. Fields
   * that the struct does not have, because an older program made it, are zero, false or empty. A
   * {@link Slot} of the record is the one in the struct, so that its methods can be used.
   */
  public S read(Region region, long struct) {
    return mapping().read(region, struct, Math.max(1, versionOf(region, struct)));
  }

  /** Returns the fields of a struct as a record; as {@link #read(Region, long)}. */
  public S read(Heap heap, Block<S> struct) {
    return read(heap, struct.required());
  }

  /**
   * Writes the fields of a record, one after the other as plain values. Slots stay as they are, and
   * may be null in the record: what they refer to is changed by their own methods only. If the
   * process dies in this method, any part may be written.
   *
   * @throws NullPointerException if another component is null; nothing is written then
   * @throws IllegalArgumentException if a text or array has another length than the field, or a
   *     text cannot be written; nothing is written then
   * @throws MissingFieldException if the struct was made by an older program, and has not all
   *     fields; nothing is written then
   */
  public void write(Region region, long struct, S values) {
    Object[] prepared = mapping().prepare(values);
    if (extensible) {
      int version = versionOf(region, struct);
      if (version == 0) {
        initialize(region, struct);
      } else if (version < newest.version()) {
        throw new MissingFieldException(
            "the struct \""
                + name
                + "\" at offset "
                + struct
                + " was made in version "
                + version
                + ", and a record of version "
                + newest.version()
                + " has more fields: write the fields it has one by one, or make a new struct");
      }
    }
    mapping().write(region, struct, prepared);
  }

  /** Writes the fields of a record; as {@link #write(Region, long, Object)}. */
  public void write(Heap heap, Block<S> struct, S values) {
    write(heap, struct.required(), values);
  }

  /**
   * Returns a header in C that declares the struct, with assertions about its size and the place of
   * each field, for gcc and clang with {@code -std=c11}. Names are those of the layout; a nested
   * struct is a member of its own.
   *
   * @param prefix what the struct and its constants are called: letters, digits and underscores
   */
  public String toCHeader(String prefix) {
    return new CHeader(this, LayoutBuilder.requireName(prefix, "a struct in C")).text();
  }

  /**
   * Returns the layout as the JDK has it, from JDK 22 on, for the handles and arenas of {@code
   * java.lang.foreign}.
   *
   * <pre>{@code
   * java.lang.foreign.StructLayout jdk = layout.toMemoryLayout(java.lang.foreign.StructLayout.class);
   * }</pre>
   *
   * @param type {@code java.lang.foreign.StructLayout}, or a type above it
   * @throws UnsupportedOperationException if this JDK is older than 22
   */
  public <L> L toMemoryLayout(Class<L> type) {
    return type.cast(new ForeignLayout(this).layout());
  }

  /** Returns all that is stored of the layout: a line for each version and each field. */
  @Override
  public String toString() {
    return "struct "
        + name
        + "\n"
        + versions.stream()
            .map(version -> LayoutVersion.text(version.lines()))
            .collect(Collectors.joining());
  }
}
