/** What each shell runs when Tab is pressed: `smeshnet step complete WORD...` with the words so far. */
export const SCRIPTS = {
  bash: `
_smeshnet() {
  local IFS=$'\\n'
  COMPREPLY=($(smeshnet step complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null))
}
complete -F _smeshnet smeshnet`,
  zsh: `
_smeshnet() {
  local -a found
  found=("\${(@f)$(smeshnet step complete "\${(@)words[2,CURRENT]}" 2> /dev/null)}")
  compadd -a found
}
compdef _smeshnet smeshnet`,
  fish: `
complete -c smeshnet -f -a '(smeshnet step complete (commandline -opc)[2..-1] (commandline -ct) 2> /dev/null)'`,
} as const;
