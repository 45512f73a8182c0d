/* A module that links to testmod. */
#include <linux/module.h>

int testmod_answer(void);

static bool fail;
module_param(fail, bool, 0444);

static int __init testmod_user_init(void)
{
	return testmod_answer() == 42 && !fail ? 0 : -EINVAL;
}

static void __exit testmod_user_exit(void)
{
}

module_init(testmod_user_init);
module_exit(testmod_user_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module that uses another");
