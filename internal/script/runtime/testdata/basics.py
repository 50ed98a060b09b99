# 中文注释
名字 = '主机'
print(名字, 1, 2.5, None, True, [1, 'a'], {'k': (1,)}, sep='|')  #> 主机|1|2.5|None|True|[1, 'a']|{'k': (1,)}
x = 7
print(f'{x:>4}|{x:04d}|{3.14159:.2f}|{x!r}|{"a" + "b"}|{x=}|{1234567:,}|{0.256:.1%}|{{}}')  #>    7|0007|3.14|7|ab|x=7|1,234,567|25.6%|{}
w = 6
print(f"{'中':*^{w}}|{x:{w}.1f}")  #> **中***|   7.0
print('%s is %d and %.1f%% of %-4s|' % ('a', 3.7, 12.34, 'b'))  #> a is 3 and 12.3% of b   |
print('{} {1} {k:.1f} {d[a]}'.replace('{}', '{0}').format('p', 'q', k=2, d={'a': 5}))  #> p q 2.0 5
print(1 < 2 < 3, 1 < len('ab') < 2, 3 > 2 >= 2 != 4)  #> True False True
print(2 ** 10, 2 ** -1, 7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 / 2)  #> 1024 0.5 3 -4 1 2 3.5
print(x is None, x is not None, None is None, 3 not in [1, 2])  #> False True True True
a = b = []
a.append(1)
print(b, a is b)  #> [1] True
first, (second, third) = 1, (2, 3)
print(first, second, third)  #> 1 2 3
total = 0
for i in range(10):
    if i == 3:
        continue
    if i == 6: break
    total += i
else:
    print('not printed')
print(total)  #> 12
for i in []:
    pass
else:
    print('else')  #> else
n = 0
while True:
    n += 1
    if n > 3:
        break
print(n)  #> 4
print([c for c in '中文ab'], len('中文'), '中文字'[1], '中文字'[::-1], '中文字'[:2])  #> ['中', '文', 'a', 'b'] 2 文 字文中 中文
print({k: v for k, v in [('a', 1), ('b', 2)] if v > 1}, sum(i * i for i in range(4)), {1, 2} | {3})  #> {'b': 2} 14 {1, 2, 3}
print([[i * j for j in range(3)] for i in range(2)])  #> [[0, 0, 0], [0, 1, 2]]
print((lambda a, b=2: a + b)(1), max([1, 5, 3], key=lambda v: -v), sorted('bca'))  #> 3 1 ['a', 'b', 'c']
print('yes' if x > 5 else 'no', x if False else 0)  #> yes 0
def f(a, *args, k=1, **kw):
    '''doc of f'''
    return a, args, k, kw
print(f(1, 2, 3, k=4, z=5))  #> (1, (2, 3), 4, {'z': 5})
print(f(*[1, 2], *[3], **{'k': 9}, y=1))  #> (1, (2, 3), 9, {'y': 1})
print(f.__name__, f.__doc__)  #> f doc of f
print([*range(3), 9], {**{'a': 1}, 'b': 2}, (*'ab',))  #> [0, 1, 2, 9] {'a': 1, 'b': 2} ('a', 'b')
d = {'a': 1, 'b': 2}
del d['a']
d['c'] = d.get('zz', 0) + 1
d['c'] += 5
print(d, 'b' in d, list(d), [1, 2, 3][-1], [1, 2, 3][1:])  #> {'b': 2, 'c': 6} True ['b', 'c'] 3 [2, 3]
values = [3, 1, 2]
values.sort(reverse=True)
print(values, values.count(1), values[::-1], values.copy())  #> [3, 2, 1] 1 [1, 2, 3] [3, 2, 1]
print('7'.zfill(3), 'ab'.ljust(4) + '|', 'ab'.rjust(4, '.'), 'A'.lower(), 'a,b'.split(','), ' x '.strip())  #> 007 ab  | ..ab a ['a', 'b'] x
print(round(2.675, 2), round(2.5), round(3.5), abs(-2), divmod(7, 2), int('12'), float('1.5'), str(1.0))  #> 2.67 2 4 2 (3, 1) 12 1.5 1.0
print(isinstance(1, int), isinstance('a', (int, str)), type(1) == int, type('x').__name__, callable(f))  #> True True True str True
print(list(map(lambda v: v * 2, [1, 2])), list(filter(None, [0, 1])), list(zip('ab', [1, 2])), list(enumerate(['x'], 1)))  #> [2, 4] [1] [('a', 1), ('b', 2)] [(1, 'x')]
print(1e3, 1e20, 0.1 + 0.2, 1_000, 0xff, 0b11, r'\n', 'a' 'b', b'x', "it's", 'a\tb\u4e2d')  #> 1000.0 1e+20 0.30000000000000004 1000 255 3 \n ab b'x' it's a	b中
count: int = 3
def typed(a: int, b: 'str' = 'x') -> str:
    return f'{a}{b}'
print(typed(count), True and 'x' or 'y', not 1)  #> 3x x False
text = """one
two"""
print(text.splitlines(), '-'.join(['a', 'b']))  #> ['one', 'two'] a-b
if (total
        > 1):
    print('joined \
line')  #> joined line
print(sorted(['b', 'A'], key=str.lower), dict.fromkeys('ab', 0), '-'.join('abc'))  #> ['A', 'b'] {'a': 0, 'b': 0} a-b-c
for word in ['one', 'two']:
    print(word, end=' ')
print('three')  #> one two three
