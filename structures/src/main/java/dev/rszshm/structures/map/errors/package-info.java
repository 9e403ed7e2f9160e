/** What can go wrong with a map, one type for each cause. */
package dev.rszshm.structures.map.errors;
