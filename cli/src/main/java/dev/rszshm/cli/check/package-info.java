/** Looking at a whole heap: what is damaged, and what can be done about it. */
@NullMarked
package dev.rszshm.cli.check;

import org.jspecify.annotations.NullMarked;
