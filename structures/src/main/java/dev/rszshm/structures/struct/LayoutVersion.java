package dev.rszshm.structures.struct;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * A version of a layout.
 *
 * @param version its number
 * @param fields the number of fields it has, those of earlier versions included
 * @param length the length of a struct in bytes
 * @param alignment a power of two of which the offset of a struct is a multiple
 * @param lines what is stored of it: what holds of the whole struct, and a line for each field that
 *     it adds
 * @param hash of these lines and of those of all earlier versions
 */
record LayoutVersion(
    int version, int fields, long length, long alignment, List<String> lines, long hash) {

  /** Returns the hash of the lines of several versions, the oldest first. */
  static long hash(List<List<String>> versions) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (List<String> lines : versions) {
        digest.update(text(lines).getBytes(StandardCharsets.UTF_8));
      }
      byte[] bytes = digest.digest();
      long hash = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        hash = hash << Byte.SIZE | bytes[i] & 0xff;
      }
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the versions of a layout. */
  static List<LayoutVersion> of(List<Extent> extents, List<StructField> fields, boolean header) {
    List<LayoutVersion> versions = new ArrayList<>();
    List<List<String>> texts = new ArrayList<>();
    int from = 0;
    for (Extent extent : extents) {
      List<String> lines = new ArrayList<>();
      lines.add(
          "version "
              + extent.version
              + (header ? " extensible" : "")
              + " length "
              + extent.length
              + " alignment "
              + extent.alignment);
      for (StructField field : fields.subList(from, extent.fields)) {
        lines.add(field.toString());
      }
      from = extent.fields;
      texts.add(lines);
      versions.add(
          new LayoutVersion(
              extent.version,
              extent.fields,
              extent.length,
              extent.alignment,
              List.copyOf(lines),
              hash(texts)));
    }
    return List.copyOf(versions);
  }

  /** How far a version reaches. */
  record Extent(int version, int fields, long length, long alignment) {}

  /** Returns lines as they are stored. */
  static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
