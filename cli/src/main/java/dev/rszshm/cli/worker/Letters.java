package dev.rszshm.cli.worker;

/** The printable characters that name workers: letters, digits, then the rest of ASCII. */
public final class Letters {
  private static final String ALL = all();

  /** How many there are. */
  public static final int COUNT = ALL.length();

  private Letters() {}

  private static String all() {
    StringBuilder rest = new StringBuilder();
    for (char c = '!'; c <= '~'; c++) {
      boolean alphanumeric =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (!alphanumeric) {
        rest.append(c);
      }
    }
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + rest;
  }

  /** The letters of so many workers. */
  public static String first(int workers) {
    return ALL.substring(0, workers);
  }
}
