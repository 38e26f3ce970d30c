#include "base/yaml.h" /* moved to base: settings read YAML too; include that instead */
