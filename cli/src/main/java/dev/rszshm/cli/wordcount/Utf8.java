package dev.rszshm.cli.wordcount;

/** Which bytes are characters of words. */
final class Utf8 {
  /** The most bytes of a character. */
  static final int MAX_LENGTH = 4;

  /** No character of a word, whatever follows. */
  static final byte SEPARATOR = 0;

  /** The first byte of a character beyond ASCII, or malformed. */
  static final byte NOT_ASCII = -1;

  private static final byte[] ASCII = new byte[256];

  static {
    for (int c = 0; c < 128; c++) {
      ASCII[c] = Character.isLetterOrDigit(c) ? (byte) Character.toLowerCase(c) : SEPARATOR;
    }
    for (int c = 128; c < 256; c++) {
      ASCII[c] = NOT_ASCII;
    }
  }

  private Utf8() {}

  /** Returns the lower-case form of a letter or digit of ASCII, or one of the constants. */
  static byte lower(byte first) {
    return ASCII[first & 0xff];
  }

  /**
   * Returns the number of bytes of the letter or decimal digit that begins at an index, or 0 if
   * there is another character, or bytes that are malformed.
   *
   * @param limit index behind the last byte
   */
  static int wordCharacter(byte[] bytes, int index, int limit) {
    int first = bytes[index];
    if (first >= 0) {
      return ASCII[first] == SEPARATOR ? 0 : 1;
    }
    int length = first < (byte) 0xc2 ? 0 : first < (byte) 0xe0 ? 2 : first < (byte) 0xf0 ? 3 : 4;
    if (length == 0 || length > limit - index || first > (byte) 0xf4) {
      return 0;
    }
    int character = first & (0xff >> (length + 1));
    for (int i = 1; i < length; i++) {
      int next = bytes[index + i];
      if ((next & 0xc0) != 0x80) {
        return 0;
      }
      character = (character << 6) | (next & 0x3f);
    }
    return isShortest(character, length) && Character.isLetterOrDigit(character) ? length : 0;
  }

  /** Whether it has to be so long, and is a character at all. Surrogates are no letters. */
  private static boolean isShortest(int character, int length) {
    return switch (length) {
      case 2 -> true;
      case 3 -> character >= 0x800;
      default -> character >= 0x10000 && character <= Character.MAX_CODE_POINT;
    };
  }
}
