/*
 * A live patch: after it the function of testmod_pause sleeps until its process is told to end. It holds itself from the
 * moment it is enabled to the moment when the last process has left what it put in.
 */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/sched.h>

static void patched_pause(void)
{
	schedule_timeout_interruptible(MAX_SCHEDULE_TIMEOUT);
	barrier(); /* not the last call: that would be a jump, and nobody would be in here */
}

static struct klp_func functions[] = {
	{ .old_name = "testmod_pause", .new_func = patched_pause },
	{ }
};

static struct klp_object objects[] = {
	{ .name = "testmod_pause", .funcs = functions },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init patch_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit patch_exit(void)
{
}

module_init(patch_init);
module_exit(patch_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
MODULE_DESCRIPTION("A live patch");
