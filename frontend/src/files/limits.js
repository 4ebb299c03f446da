// The same limits as the server's, said before the upload. The server decides.
import { sizeText } from '../dom.js';

const ending = (name) => (name.includes('.') ? name.slice(name.lastIndexOf('.')).toLowerCase() : '');

/** @returns {string} what is wrong with the file, '' when it may go */
export function fault(file, index, limits) {
  if (file.size === 0) return '空文件';
  if (file.size > limits.bytes) return `${sizeText(file.size)}，超过 ${sizeText(limits.bytes)}`;
  if (limits.accept.length && !limits.accept.includes(ending(file.name))) return `不支持 ${ending(file.name) || '无扩展名'} 文件`;
  if (index >= limits.count) return `最多 ${limits.count} 个`;
  return '';
}
