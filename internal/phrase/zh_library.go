package phrase

// zhLibrary is what is wrong with scripts as they are kept: their names, triggers and variables.
var zhLibrary = map[string]string{
	"the name of a set is letters without accents, digits and _, at most %d, and begins with no digit: it stands in `import SET__SCRIPT`":    "脚本集名称由英文字母、数字和 _ 组成，最多 %d 个字符，不以数字开头：它会写在 `import SET__SCRIPT` 中",
	"the name of a set has no __ and does not end with _: `import SET__SCRIPT` is read at the first __":                                      "脚本集名称不能含有 __，也不能以 _ 结尾：`import SET__SCRIPT` 在第一个 __ 处拆分",
	"the name of a script is letters without accents, digits and _, at most %d, and begins with no digit: it stands in `import SET__SCRIPT`": "脚本名称由英文字母、数字和 _ 组成，最多 %d 个字符，不以数字开头：它会写在 `import SET__SCRIPT` 中",
	"%s is a module that memseep gives: take another name, nothing could import it":                                                          "%s 是 memseep 自带的模块名：请换一个名称，否则无法导入",
	"the name of a variable is letters without accents, digits and _, at most %d, and begins with no digit":                                  "变量名称由英文字母、数字和 _ 组成，最多 %d 个字符，不以数字开头",

	"too many drafts are running":            "同时试运行的草稿过多",
	"the draft is what is published already": "草稿与已发布的代码相同",
	"publish script %s":                      "发布脚本 %s",
	"revert script %s":                       "恢复脚本 %s",
	"nothing of this script is published yet: there is nothing to go back to":                            "此脚本尚未发布过，没有可恢复的版本",
	"read the functions of script %s":                                                                    "读取脚本 %s 的函数",
	"the workspace has a set %s already, which was not installed from this package: rename or delete it": "工作空间中已有脚本集 %s，且不是安装自此脚本包：请重命名或删除它",

	"there is no such script in the workspace":                                                         "工作空间中没有此脚本",
	"nothing of the script %s is published: publish it first":                                          "脚本 %s 尚未发布，请先发布",
	"the published script %s has no function %s; it has %s":                                            "已发布的脚本 %s 中没有函数 %s，现有：%s",
	"the published script %s has no function %s any more: publish one that has, or delete the trigger": "已发布的脚本 %s 中不再有函数 %s：请发布含有此函数的版本，或删除触发器",
	"%s has no function %s; it has %s":                                                                 "%s 中没有函数 %s，现有：%s",
	"the arguments are no JSON: %v":                                                                    "参数不是 JSON：%v",
	"the arguments have to be a JSON object of named ones, or a list":                                  "参数须为 JSON 对象（按名称）或列表",
	"%s takes at most %d arguments, %d are given":                                                      "%s 最多接受 %d 个参数，给了 %d 个",
	"%s has no parameter %s; it has %s":                                                                "%s 没有参数 %s，现有：%s",
	"it was not done within %s":                                                                        "未在 %s 内完成",

	"the value of %s is none that JSON has: %v":                                                 "%s 的值无法写成 JSON：%v",
	"account_api_key is a secret: give it this kind":                                            "account_api_key 是密文：请选择密文类型",
	"the value is no JSON: %v":                                                                  "值不是 JSON：%v",
	"a secret has at least %d characters: a shorter one cannot be masked in what scripts print": "密文至少 %d 个字符：更短的无法在脚本输出中隐去",
	"a variable is of kind %s, not %s":                                                          "变量类型为 %s，不能是 %s",
	"the value is no %s: %v":                                                                    "值不是 %s：%v",
	"write a text":                                                                              "请写一段文本",
	"write a whole number":                                                                      "请写一个整数",
	"write a number":                                                                            "请写一个数字",
	"write true or false":                                                                       "请写 true 或 false",
	"write a JSON list":                                                                         "请写一个 JSON 列表",
	"seal variable %s":                                                                          "加密变量 %s",
	"enter its value again":                                                                     "请重新填写它的值",

	"there is no set %s in the workspace":                                         "工作空间中没有脚本集 %s",
	"neither the file nor the workspace has a set %s":                             "文件和工作空间中都没有脚本集 %s",
	"neither the file nor the workspace has a script %s":                          "文件和工作空间中都没有脚本 %s",
	"it is a secret: owners alone add and change those":                           "它是密文：只有所有者可以新建和修改",
	"%s: the scripts of a workspace keep at most %d MB: delete what is done with": "%s：工作空间的脚本最多保存 %d MB，请删除不再需要的内容",
	"import %s %s": "导入 %s %s",

	"the key %s is wrong, expired or revoked, so the function cannot register as an inspection: %s": "密钥 %s 有误、已过期或已吊销，函数无法注册为巡检：%s",
	"write the functions of script %s": "写入脚本 %s 的函数",
}
