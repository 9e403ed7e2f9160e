/** Files of heaps: finding them, copying them, and holding up those who use them. */
@NullMarked
package dev.rszshm.cli.file;

import org.jspecify.annotations.NullMarked;
