// SPDX-License-Identifier: Apache-2.0
// re2_set.cc - RE2::Set over the rules and messages that bench_match --write wrote, once:
// chat is always new text, so the states that RE2 builds on the way count. Its \b and \w
// know ASCII only and are spelt out; rules with looks around it cannot express.
#include <time.h>

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

static double
cpu_seconds()
{
    struct timespec ts;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
replace(std::string &s, const std::string &what, const std::string &with)
{
    for (size_t at = 0; (at = s.find(what, at)) != std::string::npos; at += with.size())
        s.replace(at, what.size(), with);
}

static std::vector<std::string>
lines(const char *path)
{
    std::vector<std::string> all;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
        all.push_back(line);
    return all;
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(INT64_C(1) << 30);
    RE2::Set set(options, RE2::UNANCHORED);
    double begin = cpu_seconds();
    size_t taken = 0, hits = 0;
    for (std::string rule : lines(argv[1])) {
        replace(rule, "[\\w-]", "[\\p{L}\\p{N}_-]");
        replace(rule, "\\w", "[\\p{L}\\p{N}_]");
        replace(rule, "\\b", "(?:^|$|[^\\p{L}\\p{N}_])");
        taken += set.Add(rule, nullptr) >= 0;
    }
    if (!set.Compile())
        return 3;
    double built = cpu_seconds();
    const std::vector<std::string> messages = lines(argv[2]);
    for (const std::string &m : messages) {
        std::vector<int> found;
        hits += set.Match(m, &found);
    }
    double took = cpu_seconds() - built;
    printf("  RE2::Set, %zu of the rules, text seen for the first time: %.0f ns/message; "
           "build %.0f ms\n",
           taken, took * 1e9 / (double)messages.size(), (built - begin) * 1e3);
    return hits > 0 ? 0 : 1;
}
