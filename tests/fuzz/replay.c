/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - a main for the fuzz targets that needs no fuzzer: it feeds every file that
 * it is given, and every file in a folder that it is given, to LLVMFuzzerTestOneInput
 * once. The committed corpus is run this way, under gcc's sanitizers, in each `make
 * check`. A folder is read one level deep. Exit status 1 when a path cannot be read or
 * nothing was fed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int
feed_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        return -1;
    }
    struct stat st;
    uint8_t *data = NULL;
    int ret = -1;
    if (fstat(fileno(f), &st) < 0)
        goto out;
    /* Exactly as long as the file, so that reading one byte past it is caught. */
    data = malloc(st.st_size > 0 ? (size_t)st.st_size : 1);
    if (data == NULL || fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
        goto out;
    LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
    ret = 1;
out:
    free(data);
    fclose(f);
    return ret;
}

/* Returns how many inputs were fed, -1 on a path that cannot be read. */
static int
feed(const char *path)
{
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    if (n < 0)
        return feed_file(path);
    int fed = 0;
    for (int i = 0; i < n; i++) {
        char file[4096];
        if (entries[i]->d_name[0] != '.' && fed >= 0 &&
            snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name) > 0)
            fed = feed_file(file) < 0 ? -1 : fed + 1;
        free(entries[i]);
    }
    free(entries);
    return fed;
}

int
main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int n = feed(argv[i]);
        if (n < 0)
            return 1;
        total += n;
    }
    printf("%d inputs\n", total);
    return total > 0 ? 0 : 1;
}
